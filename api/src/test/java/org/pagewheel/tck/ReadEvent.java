package org.pagewheel.tck;

/**
 * An event that came out of a ring whole.
 *
 * @param missed events told lost right before it; −1 if their number is unknown
 */
record ReadEvent(long id, long time, long sequence, long missed) {
  int serial() {
    return EventBytes.serial(id);
  }
}
