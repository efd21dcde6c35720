package org.pagewheel.event;

/** What an event type is made of; only this package can make one. */
public final class EventDefinition {
  private final EventFormat format;

  EventDefinition(EventFormat format) {
    this.format = format;
  }

  EventFormat format() {
    return format;
  }
}
