package org.pagewheel.event;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How many bytes of a String (as UTF-8, with the closing NUL) or of an array without {@link Fixed}
 * an event keeps at most; {@value #DEFAULT} by default. Longer text is cut at the boundary of a
 * character, longer arrays at that of an element.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Limit {
  /** The limit where there is no annotation. */
  int DEFAULT = 1024;

  /**
   * The limit.
   *
   * @return bytes, at least 8
   */
  int value();
}
