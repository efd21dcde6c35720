package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.tck.injection.InjectingLoader;
import org.pagewheel.tck.injection.Injection;
import org.pagewheel.tck.injection.Injection.Form;

/**
 * Errors in the middle of the backend's work: a StackOverflowError, OutOfMemoryError or
 * InternalError at each call and allocation in turn. Whichever it is, the method has done all or
 * nothing: after an error out of reserve nothing is reserved, after one out of commit or discard
 * the reservation is open, after one out of take the page is in the ring, after one out of {@link
 * Page#release} the page is held. And nobody hangs, the ring goes on, the account is exact.
 *
 * <p>A CPU whose memory could not be had may refuse its events as disabled, and say so once, until
 * an hour of its clock has gone by.
 *
 * <p>The sweeps may run beside each other, where JUnit is configured to: one of the processor's
 * time is all that each takes.
 *
 * <pre>{@code
 * class MyErrorsTest extends ErrorPromises {
 *   MyErrorsTest() {
 *     super(new MyConformanceTest());
 *   }
 * }
 * }</pre>
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ErrorPromises extends Promises {
  private static final int AFTERWARDS = 50;

  /**
   * Kits loaded with points in the backend's classes that no sweep uses now, by the kit's name. A
   * sweep has one for itself, as classes may keep memory in static fields. The next sweep goes on
   * with it: classes loaded anew are compiled anew, which took three quarters of the time.
   */
  private static final Map<String, Queue<RingConformance>> LOADED = new ConcurrentHashMap<>();

  /** The same kit, loaded with points. */
  private RingConformance injected;

  /**
   * For a backend's own test class.
   *
   * @param kit makes the backend; its class must have a constructor without arguments
   */
  protected ErrorPromises(RingConformance kit) {
    super(kit);
  }

  @BeforeEach
  void load() throws ReflectiveOperationException {
    String name = kit.getClass().getName();
    injected = unused(name).poll();
    if (injected != null) {
      return;
    }
    ClassLoader loader =
        new InjectingLoader(
            kit.getClass().getClassLoader(),
            type -> type.equals(name) || type.startsWith(name + "$") || kit.isUnderTest(type));
    Constructor<?> constructor = loader.loadClass(name).getDeclaredConstructor();
    constructor.setAccessible(true);
    injected = (RingConformance) constructor.newInstance();
  }

  private static Queue<RingConformance> unused(String name) {
    return LOADED.computeIfAbsent(name, kit -> new ConcurrentLinkedQueue<>());
  }

  @ParameterizedTest
  @EnumSource
  @Execution(CONCURRENT)
  void aFullStackWhileEventsAreWritten(Form form) {
    sweep(form, StackOverflowError::new, Writing::new);
  }

  @ParameterizedTest
  @EnumSource
  @Execution(CONCURRENT)
  void aFullStackWhilePagesAreRead(Form form) {
    sweep(form, StackOverflowError::new, Reading::new);
  }

  @ParameterizedTest
  @EnumSource
  @Execution(CONCURRENT)
  void aFullStackWhileTheRingIsSealedAndClosed(Form form) {
    sweep(form, StackOverflowError::new, Closing::new);
  }

  @ParameterizedTest
  @EnumSource
  @Execution(CONCURRENT)
  void aFullHeapWhileEventsAreWritten(Form form) {
    sweep(form, OutOfMemoryError::new, Writing::new);
  }

  @ParameterizedTest
  @EnumSource
  @Execution(CONCURRENT)
  void aFullHeapWhilePagesAreRead(Form form) {
    sweep(form, OutOfMemoryError::new, Reading::new);
  }

  @ParameterizedTest
  @EnumSource
  @Execution(CONCURRENT)
  void aFullHeapWhileTheRingIsSealedAndClosed(Form form) {
    sweep(form, OutOfMemoryError::new, Closing::new);
  }

  /** Makes a scenario with a ring of one mode. */
  private interface Kind {
    Application make(BookedRing ring);
  }

  private void sweep(Form form, Supplier<Error> errors, Kind kind) {
    for (Mode mode : Mode.values()) {
      int tried =
          Injection.sweep(
              form,
              errors,
              () -> {
                Application application = kind.make(openInjected(mode));
                application.mayReport = errors.get() instanceof OutOfMemoryError ? 1 : 0;
                return application;
              });
      assertTrue(tried > 20, () -> "only " + tried + " points: is the backend really under test?");
    }
    unused(kit.getClass().getName()).add(injected); // but not after a failure: it may be in use
  }

  private BookedRing openInjected(Mode mode) {
    ManualClock ownClock = new ManualClock();
    ManualCpu ownCpu = new ManualCpu();
    return new BookedRing(
        ring -> openWith(injected.backend(), ring),
        config(mode, 4, SMALL_PAGE).withClock(1, ownClock, ownCpu),
        ownClock,
        ownCpu);
  }

  /** What the scenarios share: an application that does what it can after an error. */
  private abstract static class Application implements Injection.Scenario {
    final BookedRing booked;
    final Ring ring;
    private final List<BookedRing.Open> open = new ArrayList<>();
    private final List<Page> held = new ArrayList<>();

    /** How many faults: that there was no memory for a CPU. */
    int mayReport;

    Application(BookedRing booked) {
      this.booked = booked;
      this.ring = booked.ring;
    }

    /** Null if refused. */
    final BookedRing.Open reserve(int length) {
      BookedRing.Open reserved = booked.reserveEmpty(length);
      if (reserved != null) {
        open.add(reserved);
        MemorySegment memory = ring.memory(reserved.at());
        EventBytes.put(memory, Reservation.offset(reserved.at()), reserved.id());
      }
      return reserved;
    }

    final void settle(BookedRing.Open reserved, boolean commits) {
      if (reserved == null) {
        return;
      }
      try {
        if (commits) {
          booked.commit(reserved);
        } else {
          booked.discard(reserved);
        }
        open.remove(reserved);
      } catch (Throwable e) {
        booked.discard(reserved);
        open.remove(reserved);
        throw e;
      }
    }

    final void write(int length) {
      settle(reserve(length), true);
    }

    final boolean take(boolean fromOpen) {
      Page page = ring.take(0, fromOpen);
      if (page != null) {
        held.add(page);
        booked.check(page, new ArrayList<>());
        release(page);
      }
      return page != null;
    }

    final void release(Page page) {
      page.release();
      held.remove(page);
    }

    @Override
    public final void check(Throwable thrown) throws Throwable {
      try {
        for (BookedRing.Open reserved : List.copyOf(open)) {
          booked.discard(reserved);
        }
        List.copyOf(held).forEach(this::release);
        booked.clock.advance(TimeUnit.HOURS.toNanos(1));
        look();
        assertTrue(booked.faults.size() <= mayReport, () -> "reported: " + booked.faults);
      } finally {
        ring.close();
      }
      assertNull(ring.take(0, true), "a page of a closed ring");
    }

    /** Nothing is open or held any more. */
    void look() throws Throwable {
      ring.enable(true);
      ring.flush(0); // records taken back are no unread bytes then
      booked.assertAllAccountedFor(0);
      writeOn();
      Thread other = new Thread(this::writeOn, "another writer");
      Throwable[] failure = new Throwable[1];
      other.setUncaughtExceptionHandler((thread, e) -> failure[0] = e);
      other.start();
      other.join();
      if (failure[0] != null) {
        throw failure[0];
      }
      booked.assertAllAccountedFor(0);
    }

    private void writeOn() {
      for (int i = 0; i < AFTERWARDS; i++) {
        long id = booked.write(USUAL + 8 * i);
        if (id == Refusal.DROPPED && booked.config.mode() == Mode.DISCARD) {
          booked.takeAll(0);
          id = booked.write(USUAL + 8 * i);
        }
        long answer = id;
        assertTrue(answer >= 0, () -> "the ring does not go on: " + Refusal.text(answer));
      }
    }
  }

  /** Round the ring, with events open over pages, taken back, long pauses, refusals. */
  private static final class Writing extends Application {
    Writing(BookedRing booked) {
      super(booked);
    }

    @Override
    public void run() {
      BookedRing.Open early = reserve(BIG);
      for (int i = 0; i < 6; i++) {
        write(BIG);
      }
      BookedRing.Open late = reserve(20);
      settle(reserve(USUAL), false);
      booked.clock.advance(RecordLayout.MAX_DELTA + 1L);
      for (int i = 0; i < 13; i++) {
        write(BIG);
      }
      settle(early, true);
      settle(late, false);
      settle(reserve(BIG), false);
      write(SMALL_PAGE);
      ring.enable(false);
      write(USUAL);
      ring.enable(true);
      for (int i = 0; i < 6; i++) {
        write(BIG);
      }
      ring.counters(0);
      ring.flush(0);
      write(USUAL);
    }
  }

  /** Takes and copies of full pages and of the one being written, after a loss. */
  private static final class Reading extends Application {
    private final MemorySegment memory;

    Reading(BookedRing booked) {
      super(booked);
      memory = MemorySegment.ofArray(new long[booked.config.pageSize() / Long.BYTES]);
      for (int i = 0; i < 17; i++) {
        settle(reserve(BIG), i % 3 > 0);
      }
    }

    @Override
    public void run() {
      ring.copy(0, 0, memory);
      take(false);
      BookedRing.Open open = reserve(USUAL);
      for (int i = 0; i < 3; i++) {
        take(true);
      }
      settle(open, true);
      settle(reserve(USUAL), false);
      write(USUAL);
      take(true);
      write(USUAL);
      ring.copy(0, 0, memory);
      ring.view(0);
      ring.unreadPages(0);
      ring.counters(0);
      ring.flush(0);
      take(false);
      take(true);
    }
  }

  /** Seal and close, with an event open and a page held. */
  private static final class Closing extends Application {
    private boolean closes;

    Closing(BookedRing booked) {
      super(booked);
      booked.write(BIG, 6);
    }

    @Override
    public void run() {
      BookedRing.Open open = reserve(USUAL);
      ring.seal();
      write(USUAL);
      ring.isQuiet();
      settle(open, true);
      ring.isQuiet();
      take(true);
      closes = true;
      ring.close();
      ring.close();
      ring.counters(0);
    }

    @Override
    void look() {
      ring.seal();
      Answers.assertRefused(Refusal.SEALED, ring.reserve(USUAL), "sealed");
      assertTrue(ring.isQuiet(), "quiet: sealed, and nothing is open");
      if (!closes) {
        booked.assertAllAccountedFor(0);
      }
    }
  }
}
