package org.pagewheel.event;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a number is: that of something that goes from event to event, such as a request. Viewers of
 * timelines draw arrows from each event to the next one that has a field of the same name with the
 * same number, over threads, types and spans. Give components of different names one by {@link
 * Name}.
 *
 * {@snippet :
 * record Sent(@Flow long request) {}
 *
 * record Received(@Flow long request, int bytes) {}
 * }
 *
 * <p>For integers. The format declares the field as {@code flow s64} and so on, and tools print it
 * as any other.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Flow {}
