package org.pagewheel.runtime.internal.ring;

/** Takes the pages of a buffer as they come. */
public interface Taker {
  /** None: any reader may read the buffer. */
  Taker NOBODY =
      new Taker() {
        @Override
        public void pageIsFull() {}

        @Override
        public void look() {}

        @Override
        public void drain() {}
      };

  /** Called by writers when a page has become full; cheap. */
  void pageIsFull();

  /** Called when there may be a reason to take pages now, such as a replaced ring. */
  void look();

  /**
   * Called when the buffer is closed: returns when everything has been taken, or after a time
   * limit.
   */
  void drain();
}
