package org.pagewheel.event;

import java.util.List;
import java.util.Map;

/** The metadata of this Java process. */
enum ProcessMetadata implements Metadata {
  INSTANCE;

  @Override
  public List<EventFormat> formats() {
    return EventRegistry.PROCESS.formats();
  }

  @Override
  public Map<Integer, String> threadNames() {
    return ThreadNames.PROCESS.names();
  }
}
