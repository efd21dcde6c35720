package org.pagewheel.event;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Text that tools show after the value, such as {@code ns} or {@code %}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Unit {
  /**
   * The unit.
   *
   * @return printable ASCII characters without quotation mark, backslash and {@code =}
   */
  String value();
}
