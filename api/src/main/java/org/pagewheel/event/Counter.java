package org.pagewheel.event;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a number is: the value of something that goes up and down, such as the length of a queue.
 * Viewers of timelines draw it as a line over time, one for each such component; where the record
 * has components that are strings or enums, one for each of their values, too.
 *
 * {@snippet :
 * record Stock(String symbol, @Counter int orders, @Counter double worth) {}
 *
 * static final EventType<Stock> STOCK = EventType.of("shop", Stock.class);
 * }
 *
 * <p>For integers and floating point numbers. The format declares the field as {@code counter int}
 * and so on, and tools print it as any other.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Counter {}
