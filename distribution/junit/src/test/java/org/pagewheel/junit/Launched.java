package org.pagewheel.junit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes as an IDE does, and keeps what is reported of each test. */
final class Launched implements TestExecutionListener {
  /** By the end of the unique id, such as {@code [method:passes()]}. */
  private final Map<String, TestExecutionResult> results = new ConcurrentHashMap<>();

  private final Map<String, String> entries = new ConcurrentHashMap<>();
  private final Runnable onFailure;

  private Launched(Runnable onFailure) {
    this.onFailure = onFailure;
  }

  static Launched run(Path traces, Class<?> program) {
    return run(traces, program, () -> {});
  }

  static Launched run(Path traces, Class<?> program, Runnable onFailure) {
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(program))
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter(
                "junit.jupiter.execution.parallel.config.fixed.parallelism",
                "" + Programs.Parallel.TESTS);
    if (traces != null) {
      request.configurationParameter(RecordingExtension.DIRECTORY, traces.toString());
    }
    Launched launched = new Launched(onFailure);
    LauncherFactory.create().execute(request.build(), launched);
    return launched;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest()) {
      results.put(test.getUniqueId(), result);
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        onFailure.run();
      }
    }
  }

  @Override
  public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    entry.getKeyValuePairs().forEach((key, value) -> entries.put(test.getUniqueId() + key, value));
  }

  int tests() {
    return results.size();
  }

  long failed() {
    return results.values().stream()
        .filter(result -> result.getStatus() == TestExecutionResult.Status.FAILED)
        .count();
  }

  boolean hasFailed(String part) {
    return only(results, part).getThrowable().isPresent();
  }

  /** The failure of a test, by a part of its unique id. */
  Throwable failure(String part) {
    return only(results, part).getThrowable().orElseThrow();
  }

  /** What the report says of a test's trace. */
  String trace(String part) {
    return only(entries, part);
  }

  int traces() {
    return entries.size();
  }

  private static <T> T only(Map<String, T> of, String part) {
    var found = of.keySet().stream().filter(id -> id.contains(part)).toList();
    assertTrue(found.size() == 1, () -> part + " is of " + found + " of " + of);
    return of.get(found.getFirst());
  }

  /** All have passed; the first failure is what is thrown otherwise. */
  void assertPassed(int count) {
    for (TestExecutionResult result : results.values()) {
      result
          .getThrowable()
          .ifPresent(
              thrown -> {
                throw new AssertionError(thrown);
              });
    }
    assertTrue(results.size() == count, results::toString);
  }
}
