package org.pagewheel.tck.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
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
    Results results = run(fault.group(), fault.test());
    assertFalse(results.failures.isEmpty(), () -> "not found by " + results.tests + " tests");
    assertTrue(
        fault.test().isEmpty() || results.failures.containsKey(fault.test()),
        () -> "not found by " + fault.test() + " but by " + results.failures);
  }

  /** The same way of compiling and running, without a fault. */
  @Test
  void theKitFindsNothingWhereNothingIsWrong() throws Exception {
    FaultyBackendRun.backend = FaultyBackend.with(null, classes);
    Results results = run("Losses", "");
    assertEquals(Map.of(), results.failures);
    assertTrue(results.tests > 10, () -> "only " + results.tests + " tests were run");
  }

  /** Runs one test of a group, or all of them. */
  private static Results run(String groupName, String test) throws ClassNotFoundException {
    Class<?> group = Class.forName(RingConformance.class.getName() + "$" + groupName);
    List<Class<?>> around = List.of(FaultyBackendRun.class);
    DiscoverySelector selector =
        Stream.of(group.getSuperclass().getDeclaredMethods())
            .filter(method -> method.getName().equals(test))
            .findFirst()
            .<DiscoverySelector>map(method -> selectNestedMethod(around, group, method))
            .orElseGet(() -> selectNestedClass(around, group));
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
