package org.pagewheel.tck.injection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Runs a scenario once for each point that it passes, and throws an error there. A point lies
 * before each call (where a StackOverflowError comes from) and before each allocation.
 *
 * <p>How to: load the classes under test through an {@link InjectingLoader}; write a {@link
 * Scenario} whose {@code run} uses them and whose {@code check} says what must hold whatever was
 * thrown; call {@link #sweep} for each {@link Form}. The scenario is run once to load its classes,
 * once to count, then for each point that it passed; the same calls must come in the same order
 * each time, so use clocks and CPU numbers of your own and one thread. Of the passages of one point
 * the first three, the middle one and the last are tried; {@code -Dtck.injection=all} tries each. A
 * failure names the point, and a scenario that hangs is reported with its stack.
 */
public final class Injection {
  /** How often, and where, an error comes back: a full stack is full for the clean-up as well. */
  public enum Form {
    /** Once. */
    ONCE(0),
    /** Also at the next point that the thread comes to. */
    TWICE(1),
    /** Also at the next four. */
    FIVE_TIMES(4),
    /** Also at every later point that lies as deep in the stack or deeper. */
    DEEPER(-1);

    private final int more;

    Form(int more) {
      this.more = more;
    }
  }

  /** What is run again and again, each time on a new object. */
  public interface Scenario {
    /**
     * Uses the classes under test, on the calling thread; the error may come out.
     *
     * @throws Throwable what was thrown at the point, or any other failure
     */
    void run() throws Throwable;

    /**
     * Looks at what is left, with no more errors coming.
     *
     * @param thrown what came out of {@code run}, or null
     * @throws Throwable if something is wrong
     */
    void check(Throwable thrown) throws Throwable;
  }

  private static final int HANG_SECONDS = 60;

  private Injection() {}

  /** Notes the points that are passed. */
  private static final class Count extends FaultPoints.Plan {
    private final List<Integer> passed = new ArrayList<>();

    @Override
    void pass(int site) {
      passed.add(site);
    }
  }

  /** Throws at one passage, and as the form says. */
  private static final class Strike extends FaultPoints.Plan {
    private final Supplier<? extends Error> errors;
    private final int target;
    private final Form form;
    private Class<?> thrown;
    private int passed;
    private int depth;

    Strike(Supplier<? extends Error> errors, int target, Form form) {
      this.errors = errors;
      this.target = target;
      this.form = form;
    }

    boolean wasThrown() {
      return passed > target;
    }

    @Override
    void pass(int site) {
      int now = passed++;
      if (now == target) {
        depth = form == Form.DEEPER ? depthNow() : 0;
        throw made();
      }
      if (now > target && (form == Form.DEEPER ? depthNow() >= depth : now <= target + form.more)) {
        throw made();
      }
    }

    private Error made() {
      Error error = errors.get();
      thrown = error.getClass();
      return error;
    }

    boolean hasMade(Throwable error) {
      return error.getClass() == thrown;
    }

    private static int depthNow() {
      return StackWalker.getInstance().walk(frames -> frames.mapToInt(frame -> 1).sum());
    }
  }

  /**
   * Runs a scenario once for each point.
   *
   * @param form how often the error comes back
   * @param errors makes the error
   * @param scenarios makes a scenario as new
   * @return how many points were tried
   */
  public static int sweep(
      Form form, Supplier<? extends Error> errors, Supplier<? extends Scenario> scenarios) {
    AtomicReference<String> point = new AtomicReference<>("without errors");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    int[] tried = new int[1];
    Thread worker =
        new FaultPoints.Runner(
            () -> {
              try {
                tried[0] = sweep(form, errors, scenarios, point);
              } catch (Throwable e) {
                failure.set(e);
              } finally {
                FaultPoints.arm(null);
              }
            });
    worker.setDaemon(true);
    worker.start();
    try {
      String last = null;
      while (!worker.join(Duration.ofSeconds(HANG_SECONDS))) {
        if (point.get().equals(last)) {
          AssertionError hangs = new AssertionError("hangs: " + last);
          hangs.setStackTrace(worker.getStackTrace());
          throw hangs;
        }
        last = point.get();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("hangs: " + point.get(), e);
    }
    if (failure.get() != null) {
      throw new AssertionError(point.get() + ": " + failure.get(), failure.get());
    }
    return tried[0];
  }

  private static int sweep(
      Form form,
      Supplier<? extends Error> errors,
      Supplier<? extends Scenario> scenarios,
      AtomicReference<String> point)
      throws Throwable {
    run(scenarios.get(), null);
    Count count = new Count();
    run(scenarios.get(), count);
    TreeSet<Integer> targets = targets(count.passed);
    for (int target : targets) {
      Strike strike = new Strike(errors, target, form);
      point.set(
          "%s, %s, at passage %d: %s"
              .formatted(
                  errors.get().getClass().getSimpleName(),
                  form,
                  target,
                  FaultPoints.site(count.passed.get(target))));
      run(scenarios.get(), strike);
      if (!strike.wasThrown()) {
        throw new AssertionError(
            "the point was not passed: the scenario is not the same each time");
      }
    }
    return targets.size();
  }

  private static void run(Scenario scenario, FaultPoints.Plan plan) throws Throwable {
    Throwable thrown = null;
    FaultPoints.arm(plan);
    try {
      scenario.run();
    } catch (Throwable e) {
      thrown = e;
    } finally {
      FaultPoints.arm(null);
    }
    if (thrown != null && !(plan instanceof Strike strike && strike.hasMade(thrown))) {
      throw thrown;
    }
    scenario.check(thrown);
  }

  private static TreeSet<Integer> targets(List<Integer> passed) {
    Map<Integer, List<Integer>> bySite = new HashMap<>();
    for (int i = 0; i < passed.size(); i++) {
      bySite.computeIfAbsent(passed.get(i), site -> new ArrayList<>()).add(i);
    }
    boolean all = "all".equals(System.getProperty("tck.injection"));
    TreeSet<Integer> targets = new TreeSet<>();
    for (List<Integer> at : bySite.values()) {
      for (int i = 0; i < at.size(); i++) {
        if (all || i < 2 || i == at.size() - 1) {
          targets.add(at.get(i));
        }
      }
    }
    return targets;
  }
}
