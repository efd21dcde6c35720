package org.pagewheel.event;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives an array or a String a fixed place in the event: {@code int f[4]}, {@code char f[16]}.
 *
 * <p>An array that is shorter, or null, is filled up with zeros; of a longer one the rest is cut
 * off. Text is cut at the boundary of a character so that it fits with its closing NUL.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Fixed {
  /**
   * How many elements; of a String how many bytes with the closing NUL.
   *
   * @return at least 1
   */
  int value();
}
