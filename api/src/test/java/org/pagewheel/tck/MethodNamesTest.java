package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.JUnitException;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.pagewheel.spi.Backend;
import org.pagewheel.tck.reference.SimpleBackend;

/** A test of the kit that is named is run, or the build fails. */
class MethodNamesTest {
  /** The kit, and a test of the author's own. */
  static class MyConformance extends RingConformance {
    @Override
    protected Backend backend() {
      return new SimpleBackend();
    }

    void mine() {}
  }

  private static void name(String test) {
    String before = System.setProperty("test", test);
    try {
      new MethodNames()
          .launcherDiscoveryStarted(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(selectClass(MyConformance.class), selectClass(MethodNamesTest.class))
                  .build());
    } finally {
      if (before == null) {
        System.clearProperty("test");
      } else {
        System.setProperty("test", before);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MyConformance#flushEndsThePage",
        "My*#flush*",
        "Other,org.pagewheel.tck.MyConformance#flushEndsThePage",
      })
  void aTestOfAGroupIsNotOneOfTheClass(String test) {
    JUnitException error = assertThrows(JUnitException.class, () -> name(test));
    String method = test.substring(test.indexOf('#') + 1);
    assertEquals(
        test.substring(test.indexOf(',') + 1)
            + ": the tests of the conformance kit are in groups; name them with"
            + " -Dtest='MyConformance,RingConformance*#"
            + method
            + "'",
        error.getMessage());
  }

  @Test
  void aTestThatTheKitDoesNotHaveIsAnError() {
    String test = "RingConformance*#flushEndsThePage+flushEndsTheRing";
    JUnitException error = assertThrows(JUnitException.class, () -> name("MyConformance," + test));
    assertEquals(test + ": the conformance kit has no test flushEndsTheRing", error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MyConformance",
        "MyConformance,RingConformance*#flushEndsThePage",
        "MyConformance,RingConformance$Seals#flush*+whileOff*",
        "MyConformance#mine",
        "*#flushEndsThePage",
        "Other#flushEndsThePage",
      })
  void whatRunsSomethingIsNotRefused(String test) {
    assertDoesNotThrow(() -> name(test));
  }
}
