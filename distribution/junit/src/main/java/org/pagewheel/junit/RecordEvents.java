package org.pagewheel.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test a {@link Recording} with a buffer of its own, in the class and in those nested in
 * it.
 *
 * <ul>
 *   <li>A parameter of type {@link Recording}, or {@link org.pagewheel.Buffer} for its buffer, of
 *       the test, of {@code @BeforeEach} or of {@code @AfterEach} belongs to the test. So does each
 *       field of type {@code Recording}, set before {@code @BeforeEach}.
 *   <li>Tests may run in parallel. Only where those of one instance do ({@code PER_CLASS}) a field
 *       cannot be that of each: such a test fails and says so; parameters are right there.
 *   <li>When a test fails, its events are saved for {@code trace-cmd report} and KernelShark. The
 *       file is named after the test, is in the directory that the configuration parameter {@value
 *       RecordingExtension#DIRECTORY} names ({@value RecordingExtension#DEFAULT_DIRECTORY} unless
 *       set), and replaces that of an earlier run. Its path is a report entry of the test, and is
 *       printed below the failure's stack trace.
 *   <li>The buffer is closed after the test; what threads write to it then is refused.
 * </ul>
 *
 * <p>The buffers of all tests belong to one {@link org.pagewheel.runtime.Pagewheel}, which starts
 * with the first and ends with the last. It has no sources and reads no configuration file; {@code
 * -Dpagewheel.defaults.pages=1024} and the like count.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RecordingExtension.class)
public @interface RecordEvents {
  /**
   * How the buffer is made, if the defaults do not fit: keys and values as under {@code
   * pagewheel.buffers.<name>} in a configuration. A key of a method counts before that of its
   * class, and that of a nested class before that of the outer one.
   *
   * @return such as {@code {"pages = 1024", "backend = lockfree"}}
   */
  String[] value() default {};
}
