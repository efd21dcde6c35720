package org.pagewheel.tck;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.pagewheel.spi.Backend;

/**
 * Everything that a ring promises, as tests. A backend passes if a class like this one is green:
 *
 * <pre>{@code
 * class MyConformanceTest extends RingConformance {
 *   @Override
 *   protected Backend backend() {
 *     return new MyBackend();
 *   }
 * }
 * }</pre>
 *
 * <p>The tests make many rings, of up to 1 MiB pages and up to 64 CPUs, and close each.
 *
 * <p>Beyond the promises of {@link org.pagewheel.spi.Ring} they ask that
 *
 * <ul>
 *   <li>a copy lies in the very segment that was passed: {@code page.memory() == into};
 *   <li>one refusal goes before another: a sealed ring answers {@code SEALED} whatever the length
 *       is and whether recording is on, and counts nothing; recursion is counted on any one CPU;
 *   <li>pages written are those read, lost and unread: a page whose events were all taken while it
 *       was still written, as copies, counts as read once the writers have left it, and one that is
 *       given up with an event still open counts as lost;
 *   <li>{@code bytes} is what is left of the pages that were read in part, and 0 when all is read;
 *   <li>a CPU that does not exist is answered with {@link IndexOutOfBoundsException} or {@link
 *       IllegalArgumentException}, a reservation that was finished before with {@link
 *       IllegalStateException}, unless {@link #spec} says otherwise;
 *   <li>bytes that an application writes over its own page disable that CPU at most, are reported
 *       once at most, and no call of a reader or writer fails or goes on for ever because of them;
 *   <li>memory outside the heap is given back when a ring is closed, its events are finished and
 *       its pages released, not left to the collector; seen in {@code /proc/self/smaps}, so the
 *       tests need Linux and HotSpot.
 * </ul>
 *
 * <p>A failure begins with the class and the group of the test. To run one test alone name the
 * class, and the test as one of this class: {@code
 * -Dtest='MyConformanceTest,RingConformance*#nothingIsAllocatedForAnEvent'}; a test that is named
 * as one of the class itself fails the build with a line that says so, since Surefire would find
 * none there and run nothing.
 */
public abstract class RingConformance {
  /** For the author's class. */
  protected RingConformance() {}

  /**
   * The backend under test.
   *
   * @return a new one or always the same
   */
  protected abstract Backend backend();

  /**
   * Settings that the backend needs, such as a directory for its files; asked for at each ring.
   *
   * @return none unless overridden
   */
  protected Map<String, String> settings() {
    return Map.of();
  }

  /**
   * What the backend promises beyond, or short of, the usual.
   *
   * @return the usual unless overridden
   */
  protected BackendSpec spec() {
    return BackendSpec.usual();
  }

  /**
   * Whether a class belongs to what is tested for errors in the middle of its work.
   *
   * @param className a binary name
   * @return true for the classes of the backend's package and of those below it, unless overridden
   */
  protected boolean isUnderTest(String className) {
    return className.startsWith(backend().getClass().getPackageName() + ".");
  }

  /** Reserve, commit, discard. */
  @Nested
  class Writing extends WritingPromises {
    Writing() {
      super(RingConformance.this);
    }
  }

  /** Sizes of events. */
  @Nested
  class Records extends RecordPromises {
    Records() {
      super(RingConformance.this);
    }
  }

  /** Times, and clocks that write. */
  @Nested
  class Times extends TimePromises {
    Times() {
      super(RingConformance.this);
    }
  }

  /** Full rings, and what they lose. */
  @Nested
  class Losses extends LossPromises {
    Losses() {
      super(RingConformance.this);
    }
  }

  /** Flush, on and off, seal. */
  @Nested
  class Seals extends SealPromises {
    Seals() {
      super(RingConformance.this);
    }
  }

  /** Close. */
  @Nested
  class Closing extends ClosePromises {
    Closing() {
      super(RingConformance.this);
    }
  }

  /** Taking pages and holding them. */
  @Nested
  class Pages extends PagePromises {
    Pages() {
      super(RingConformance.this);
    }
  }

  /** Copying without consuming. */
  @Nested
  class Copies extends CopyPromises {
    Copies() {
      super(RingConformance.this);
    }
  }

  /** Writers that stop in the middle. */
  @Nested
  class Stalls extends StallPromises {
    Stalls() {
      super(RingConformance.this);
    }
  }

  /** Wrong calls. */
  @Nested
  class Misuse extends MisusePromises {
    Misuse() {
      super(RingConformance.this);
    }
  }

  /** Everything at once. */
  @Nested
  class Stress extends StressPromises {
    Stress() {
      super(RingConformance.this);
    }
  }

  /** Readers that consume. */
  @Nested
  class Reading extends ReaderPromises {
    Reading() {
      super(RingConformance.this);
    }
  }

  /** Readers that consume nothing. */
  @Nested
  class Observing extends ObservingPromises {
    Observing() {
      super(RingConformance.this);
    }
  }

  /** Readers that wait. */
  @Nested
  class Waiting extends WaitPromises {
    Waiting() {
      super(RingConformance.this);
    }
  }

  /** The kernel's own tests. */
  @Nested
  class Kernel extends KernelPromises {
    Kernel() {
      super(RingConformance.this);
    }
  }
}
