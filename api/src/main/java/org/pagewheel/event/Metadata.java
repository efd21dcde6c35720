package org.pagewheel.event;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What goes into a trace file beside the pages. Grows while events are recorded: to be asked again
 * when a file is finished.
 */
@ConsumerType
public interface Metadata {
  /**
   * The formats of all event types known by now.
   *
   * @return a copy, by id
   */
  List<EventFormat> formats();

  /**
   * The names of threads that have written events, by the number that stands in {@code common_pid}.
   *
   * @return a copy
   */
  Map<Integer, String> threadNames();

  /**
   * The metadata of the events and threads of this Java process.
   *
   * @return the same instance at every call
   */
  static Metadata process() {
    return ProcessMetadata.INSTANCE;
  }
}
