package org.pagewheel.tck.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.pagewheel.tck.RingConformance;

/** For each of many mistakes in a backend: the kit fails, and in the test that is there for it. */
class SeededFaultsTest {
  @TempDir Path classes;

  static List<Fault> faults() {
    return Faults.ALL;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void theKitFinds(Fault fault) throws Exception {
    FaultyBackendRun.backend = FaultyBackend.with(fault, classes);
    Class<?> group = Class.forName(RingConformance.class.getName() + "$" + fault.group());
    Results results = run(selectNestedClass(List.of(FaultyBackendRun.class), group));
    assertFalse(results.failures.isEmpty(), "the group " + group + " finds nothing");
    if (!fault.test().isEmpty()) {
      assertTrue(
          results.failures.containsKey(fault.test()),
          () -> fault.test() + " finds nothing; found by " + results.failures);
    }
  }

  /** The same way of compiling and running, without a fault. */
  @Test
  void theKitFindsNothingWhereNothingIsWrong() throws Exception {
    FaultyBackendRun.backend = FaultyBackend.with(null, classes);
    Class<?> group = Class.forName(RingConformance.class.getName() + "$Losses");
    Results results = run(selectNestedClass(List.of(FaultyBackendRun.class), group));
    assertEquals(Map.of(), results.failures);
    assertTrue(results.tests > 10, () -> "only " + results.tests + " tests were run");
  }

  private static Results run(DiscoverySelector selector) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selector).build();
    Results results = new Results();
    LauncherFactory.create().execute(request, results);
    return results;
  }

  /** What failed, by the name of the test method. */
  private static final class Results implements TestExecutionListener {
    final Map<String, String> failures = new TreeMap<>();
    int tests;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      tests += test.isTest() ? 1 : 0;
      if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
        String message = result.getThrowable().map(Throwable::toString).orElse("no reason");
        failures.put(test.getSource().map(Results::methodName).orElse("?"), message);
      }
    }

    private static String methodName(TestSource source) {
      return source instanceof org.junit.platform.engine.support.descriptor.MethodSource method
          ? method.getMethodName()
          : source.toString();
    }
  }
}
