package org.pagewheel.probes.internal;

import java.util.List;

/**
 * What is never changed: this library, and of the JDK what recording an event uses itself. Other
 * classes of the JDK are changed if a pattern gives their very names.
 */
final class Untouchable {
  private static final List<String> OURS = List.of("org.pagewheel.", "java.pagewheel.");

  /**
   * Of the JDK: packages whose classes recording may use before it has taken note that it records,
   * or that a JVM does not survive without.
   */
  private static final List<String> CORE =
      List.of(
          "java.lang.",
          "java.util.concurrent.atomic.",
          "java.util.concurrent.locks.",
          "java.util.function.",
          "java.security.",
          "jdk.",
          "sun.");

  private Untouchable() {}

  /** Whether a pattern may mean methods of a class. */
  static boolean allows(MethodPattern pattern, String className, boolean isOfJdk) {
    if (OURS.stream().anyMatch(className::startsWith)) {
      return false;
    }
    return !isOfJdk
        || pattern.namesClass(className) && CORE.stream().noneMatch(className::startsWith);
  }

  /**
   * Refuses a pattern that can mean nothing else.
   *
   * @throws IllegalArgumentException if it names what is never changed
   */
  static void check(MethodPattern pattern) {
    String head = pattern.head();
    if (OURS.stream().anyMatch(head::startsWith) || CORE.stream().anyMatch(head::startsWith)) {
      throw new IllegalArgumentException(
          pattern.text()
              + " cannot be changed: recording itself uses it, or the JVM depends on it");
    }
  }
}
