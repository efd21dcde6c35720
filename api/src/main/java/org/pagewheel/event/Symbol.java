package org.pagewheel.event;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Shows a number as a name. An enum is shown by the names of its constants anyway; here they can be
 * given others, in the order of the constants. An integer is shown by the name at its index, and as
 * a hexadecimal number if there is none.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Symbol {
  /**
   * The names, printable ASCII characters without quotation mark and backslash.
   *
   * @return nothing where the constants of an enum keep their own names
   */
  String[] value() default {};
}
