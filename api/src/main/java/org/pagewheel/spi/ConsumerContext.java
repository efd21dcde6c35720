package org.pagewheel.spi;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.Buffer;
import org.pagewheel.event.Metadata;

/** The environment of a consumer, given to it when it is made. */
@ProviderType
public interface ConsumerContext {
  /**
   * The consumer's own name among those of its buffer.
   *
   * @return the name in the configuration
   */
  String name();

  /**
   * The buffer whose pages it will get.
   *
   * @return the buffer; its readers belong to others
   */
  Buffer buffer();

  /**
   * What goes into a trace file in addition to the pages.
   *
   * @return always the same instance; its content grows
   */
  Metadata metadata();

  /**
   * The consumer's settings that were given, as text; {@link DefaultSettings#complete} adds the
   * others.
   *
   * @return without the {@code type}; may be empty
   */
  Map<String, String> settings();

  /**
   * The state of the buffer's consumers, including this one.
   *
   * @return one entry for each that is attached; empty if no accounts are kept
   */
  default List<ConsumerAccount> consumers() {
    return List.of();
  }

  /**
   * The latencies that are observed on the buffer now, in nanoseconds.
   *
   * @return one entry for each question; empty if there are none
   */
  default List<ObservedLatency> latencies() {
    return List.of();
  }

  /**
   * Reports trouble to the user, once for each cause: shown by the shell and logged.
   *
   * @param problem one line that says what is wrong, or null when the trouble is over
   */
  void report(String problem);

  /**
   * Counts events on pages that the consumer accepted and that were lost nevertheless: a file was
   * removed, a connection broke before its end. They count as missed by this consumer. A page for
   * which it throws is counted already.
   *
   * <p>The consumer itself must report them in-band, in what it writes next. What is counted after
   * a {@link #report} counts as missed since that trouble began.
   *
   * @param events how many, −1 if their number is unknown
   */
  default void lost(long events) {}
}
