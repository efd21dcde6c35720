package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Some threads of some traces, by number or name. */
final class ThreadChoice {
  private final List<Trace> traces;
  private final List<Set<Integer>> tids = new ArrayList<>();

  /** Whether threads without a name are among them. */
  private boolean areNameless;

  /** None. */
  ThreadChoice(List<Trace> traces) {
    this.traces = traces;
    traces.forEach(each -> tids.add(new HashSet<>()));
  }

  /**
   * Adds some.
   *
   * @param thread a number, a name, or a pattern of names in which {@code *} matches anything
   * @throws IllegalArgumentException if there is none
   */
  void add(String thread) {
    Pattern pattern =
        Pattern.compile(
            Stream.of(thread.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    Set<String> names = new TreeSet<>();
    boolean isFound = false;
    for (int i = 0; i < traces.size(); i++) {
      Set<Integer> found = tids.get(i);
      if (thread.matches("-?\\d{1,9}")) {
        found.add(Integer.valueOf(thread));
        isFound = true;
      }
      Map<Integer, String> known = new HashMap<>(traces.get(i).threadNames());
      known.putIfAbsent(0, Threads.IDLE);
      for (var each : known.entrySet()) {
        names.add(each.getValue());
        if (pattern.matcher(each.getValue()).matches()) {
          found.add(each.getKey());
          isFound = true;
        }
      }
    }
    if (pattern.matcher(Threads.UNKNOWN).matches()) {
      areNameless = true;
      isFound = true;
    }
    if (!isFound) {
      throw new IllegalArgumentException(
          "there is no thread " + thread + ", " + Condition.hint(thread, names));
    }
  }

  boolean contains(int trace, int tid) {
    return tids.get(trace).contains(tid)
        || areNameless && tid != 0 && !traces.get(trace).threadNames().containsKey(tid);
  }

  /** Whether it is one of them in any trace, for there are several names of it. */
  boolean contains(int tid) {
    for (int i = 0; i < traces.size(); i++) {
      if (contains(i, tid)) {
        return true;
      }
    }
    return false;
  }
}
