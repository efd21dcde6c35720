package org.pagewheel.tck;

import java.lang.reflect.Method;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.platform.commons.JUnitException;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.launcher.LauncherDiscoveryListener;
import org.junit.platform.launcher.LauncherDiscoveryRequest;

/**
 * Fails a build that names a test of the kit as one of the author's class, or one that the kit does
 * not have. Surefire knows a nested test by the class that declares its group, so it would find
 * none, and could pass.
 */
public final class MethodNames implements LauncherDiscoveryListener {
  private static final String KIT = RingConformance.class.getSimpleName();

  /** What Surefire and Failsafe call what was named. */
  private static final String[] PROPERTIES = {"test", "it.test"};

  /** For the launcher. */
  public MethodNames() {}

  @Override
  public void launcherDiscoveryStarted(LauncherDiscoveryRequest request) {
    for (String property : PROPERTIES) {
      for (String named : System.getProperty(property, "").split(",")) {
        if (named.indexOf('#') > 0 && !named.contains("%regex")) {
          request
              .getSelectorsByType(ClassSelector.class)
              .forEach(selector -> check(property, named.strip(), selector.getJavaClass()));
        }
      }
    }
  }

  private static void check(String property, String named, Class<?> tests) {
    if (!RingConformance.class.isAssignableFrom(tests)) {
      return;
    }
    int hash = named.indexOf('#');
    String type = named.substring(0, hash).replaceFirst(".*[./]", "");
    String methods = named.substring(hash + 1);
    boolean kits = groups().anyMatch(group -> isMeant(type, KIT + "$" + group.getSimpleName()));
    for (String method : methods.split("\\+")) {
      if (kits && groups().noneMatch(group -> hasTest(group.getSuperclass(), method))) {
        throw new JUnitException(named + ": the conformance kit has no test " + method);
      }
      if (!kits && isMeant(type, tests.getSimpleName()) && !hasTest(tests, method)) {
        throw new JUnitException(
            String.format(
                "%s: the tests of the conformance kit are in groups; name them with"
                    + " -D%s='%s,%s*#%s'",
                named, property, tests.getSimpleName(), KIT, methods));
      }
    }
  }

  private static Stream<Class<?>> groups() {
    return Stream.of(RingConformance.class.getDeclaredClasses());
  }

  private static boolean hasTest(Class<?> tests, String pattern) {
    return Stream.of(tests.getDeclaredMethods())
        .map(Method::getName)
        .anyMatch(name -> isMeant(pattern, name));
  }

  private static boolean isMeant(String pattern, String name) {
    StringBuilder regex = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return name.matches(regex.toString());
  }
}
