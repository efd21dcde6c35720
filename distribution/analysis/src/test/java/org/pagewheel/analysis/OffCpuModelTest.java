package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules of many threads on some CPUs, written as a kernel and an application would, and
 * what came out of them by a model that knows at each moment what each thread does.
 */
class OffCpuModelTest {
  private static final int CPUS = 3;
  private static final int FIRST = 100;
  private static final int THREADS = 9;
  private static final int STEPS = 3000;
  private static final int RUNNING = 0;
  private static final int RUNNABLE = 1;
  private static final int SLEEPING = 2;
  private static final int UNINTERRUPTIBLE = 3;
  private static final int KINDS = 4;

  private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\":(-?\\d+)");

  /** What a thread did up to a moment, and its open spans. */
  private static final class Task {
    final int tid;
    int kind = SLEEPING;
    int lastCpu = -1;
    int moved;
    long[] sums = new long[KINDS];
    final Deque<long[]> spans = new ArrayDeque<>();

    Task(int tid) {
      this.tid = tid;
    }
  }

  /** A span that has ended: its begin, its parts, its migrations. */
  private record Truth(long begin, long end, long[] parts, long migrations) {}

  private final List<Task> tasks = new ArrayList<>();
  private final Task[] current = new Task[CPUS];
  private final Map<Long, Truth> spans = new HashMap<>();
  private final int[] unwritten = new int[CPUS];
  private TraceMaker maker;
  private Random random;
  private long now;
  private long number;
  private double losing;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsFoundIsWhatHappened(long seed) throws Exception {
    List<Map<String, Long>> found = run(seed, 0);
    assertEquals(spans.size(), found.size());
    assertTrue(found.size() > 100, "a model without spans: " + found.size());
    for (Map<String, Long> each : found) {
      Truth truth = spans.get(each.get("id"));
      assertEquals(0, each.get("unknown"), each::toString);
      assertEquals(truth.end - truth.begin, each.get("duration"), each::toString);
      assertEquals(truth.parts[RUNNING], each.get("running"), each::toString);
      assertEquals(truth.parts[RUNNABLE], each.get("runnable"), each::toString);
      assertEquals(truth.parts[SLEEPING], each.get("sleeping"), each::toString);
      assertEquals(truth.parts[UNINTERRUPTIBLE], each.get("uninterruptible"), each::toString);
      assertEquals(truth.migrations, each.get("migrations"), each::toString);
    }
  }

  /** Whatever is lost: no part is longer than it was, and all of them are the duration. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void nothingIsMadeUpForWhatIsLost(long seed) throws Exception {
    List<Map<String, Long>> found = run(seed, 0.02);
    assertEquals(spans.size(), found.size());
    long unknown = 0;
    long all = 0;
    for (Map<String, Long> each : found) {
      Truth truth = spans.get(each.get("id"));
      long other = each.get("blocked") - each.get("sleeping") - each.get("uninterruptible");
      assertEquals(truth.end - truth.begin, each.get("duration"), each::toString);
      assertEquals(
          each.get("duration"),
          each.get("running") + each.get("runnable") + each.get("blocked") + each.get("unknown"),
          each::toString);
      String what = each + " of " + Arrays.toString(truth.parts);
      assertTrue(each.get("running") <= truth.parts[RUNNING], what);
      assertTrue(each.get("runnable") <= truth.parts[RUNNABLE], what);
      assertTrue(each.get("blocked") <= truth.parts[SLEEPING] + truth.parts[UNINTERRUPTIBLE], what);
      assertTrue(other >= 0, what);
      unknown += each.get("unknown");
      all += each.get("duration");
    }
    assertTrue(unknown > 0, "something was lost");
    assertTrue(unknown < all, "and not all of it");
  }

  private List<Map<String, Long>> run(long seed, double loses) throws IOException {
    random = new Random(seed);
    losing = loses;
    now = 1_000_000;
    Path file = directory.resolve("model.dat");
    maker = OffCpuTest.types(new TraceMaker(file, CPUS, List.of("app")));
    for (int i = 0; i < THREADS; i++) {
      Task task = new Task(FIRST + i);
      tasks.add(task);
      // Everybody is new, so that nothing is unknown at the beginning.
      task.kind = RUNNABLE;
      kernel(0, 0, "sched_wakeup_new", task.tid, 0);
    }
    for (int i = 0; i < STEPS; i++) {
      step();
    }
    losing = 0;
    for (int cpu = 0; cpu < CPUS; cpu++) {
      if (unwritten[cpu] > 0) {
        unwritten[cpu] = 0;
        maker.lose(cpu, 1);
      }
      int by = current[cpu] == null ? 0 : current[cpu].tid;
      kernel(cpu, by, "sched_waking", FIRST + THREADS, 0); // after which a loss can be seen
    }
    maker.finish();
    List<Map<String, Long>> found = new ArrayList<>();
    try (Trace trace = Traces.open(file)) {
      OffCpu asked = new OffCpu(List.of(trace)).as(Query.Format.JSON).top(10_000);
      assertEquals(List.of(), asked.run(Style.PLAIN, line -> found.add(numbers(line))));
    }
    found.removeLast(); // the total
    return found;
  }

  private static Map<String, Long> numbers(String line) {
    Map<String, Long> numbers = new HashMap<>();
    Matcher number = NUMBER.matcher(line.replaceFirst("\"longest\":\\{[^}]*}", ""));
    while (number.find()) {
      numbers.put(number.group(1), Long.valueOf(number.group(2)));
    }
    Matcher id = Pattern.compile("id=(\\d+)").matcher(line);
    if (id.find()) {
      numbers.put("id", Long.valueOf(id.group(1)));
    }
    return numbers;
  }

  /** Time passes for everybody. */
  private void tick() {
    long length = 1 + random.nextInt(random.nextInt(50) == 0 ? 200_000 : 500);
    now += length;
    for (Task each : tasks) {
      each.sums[each.kind] += length;
    }
  }

  private void kernel(int cpu, int tid, String type, long... values) throws IOException {
    if (random.nextDouble() < losing) {
      unwritten[cpu] = 1 + random.nextInt(8); // this one, and some more
    }
    if (unwritten[cpu] > 0) {
      if (--unwritten[cpu] == 0) {
        maker.lose(cpu, 1);
      }
      return;
    }
    maker.event(cpu, now, tid, type, values);
  }

  private void step() throws IOException {
    tick();
    int cpu = random.nextInt(CPUS);
    Task on = current[cpu];
    switch (random.nextInt(4)) {
      case 0 -> wake(cpu, on);
      case 1 -> change(cpu, on);
      default -> {
        if (on != null) {
          span(cpu, on);
        }
      }
    }
  }

  private void wake(int cpu, Task on) throws IOException {
    Task task = tasks.get(random.nextInt(THREADS));
    int by = on == null ? 0 : on.tid;
    if (task.kind == SLEEPING || task.kind == UNINTERRUPTIBLE) {
      kernel(cpu, by, "sched_waking", task.tid, 0);
      task.kind = RUNNABLE;
      tick();
      if (random.nextBoolean()) {
        kernel(cpu, by, "sched_wakeup", task.tid, 0);
      }
    }
  }

  private void change(int cpu, Task on) throws IOException {
    List<Task> ready = tasks.stream().filter(each -> each.kind == RUNNABLE).toList();
    Task next = ready.isEmpty() ? null : ready.get(random.nextInt(ready.size()));
    if (on == null && next == null) {
      return;
    }
    int kind = 1 + random.nextInt(3);
    long state = kind == RUNNABLE ? 256 * random.nextInt(2) : kind == SLEEPING ? 1 : 2;
    kernel(
        cpu,
        on == null ? 0 : on.tid,
        "sched_switch",
        on == null ? 0 : on.tid,
        state,
        next == null ? 0 : next.tid);
    if (on != null) {
      on.kind = kind;
    }
    if (next != null) {
      next.kind = RUNNING;
      next.moved += next.lastCpu >= 0 && next.lastCpu != cpu ? 1 : 0;
      next.lastCpu = cpu;
    }
    current[cpu] = next;
  }

  private void span(int cpu, Task on) throws IOException {
    if (on.spans.isEmpty() || on.spans.size() < 4 && random.nextInt(3) == 0) {
      number++;
      maker.event(CPUS + cpu, now, on.tid, "place_begin", number, number);
      long[] span = Arrays.copyOf(on.sums, KINDS + 3);
      span[KINDS] = number;
      span[KINDS + 1] = now;
      span[KINDS + 2] = on.moved;
      on.spans.push(span);
    } else if (random.nextInt(2) == 0) {
      long[] span = on.spans.pop();
      maker.event(CPUS + cpu, now, on.tid, "place_end", span[KINDS], 0);
      long[] parts = new long[KINDS];
      for (int i = 0; i < KINDS; i++) {
        parts[i] = on.sums[i] - span[i];
      }
      spans.put(span[KINDS], new Truth(span[KINDS + 1], now, parts, on.moved - span[KINDS + 2]));
    }
  }
}
