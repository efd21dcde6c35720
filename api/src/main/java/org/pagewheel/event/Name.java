package org.pagewheel.event;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name of an event or of a field, in place of the one that follows from the Java name ({@code
 * OrderFilled} becomes {@code order_filled}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
public @interface Name {
  /**
   * The name.
   *
   * @return ASCII letters, digits and {@code _}, not beginning with a digit
   */
  String value();
}
