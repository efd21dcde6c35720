package org.pagewheel.runtime.internal.ring;

/** Who takes the pages of a buffer as they come. */
public interface Taker {
  /** The buffer is read by whoever likes to. */
  Taker NOBODY =
      new Taker() {
        @Override
        public void pageIsFull() {}

        @Override
        public void look() {}

        @Override
        public void drain() {}
      };

  /** A page has become full; run by writers, cheap. */
  void pageIsFull();

  /** There may be reason to take pages now, such as a ring that was replaced. */
  void look();

  /** The buffer is closed: returns when what is there has been taken, or after a time limit. */
  void drain();
}
