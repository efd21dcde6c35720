package org.pagewheel.sources.internal;

import org.pagewheel.Buffers;
import org.pagewheel.spi.Source;

/**
 * The source {@code jvm}: garbage collections, safepoints, slow class loading and threads of this
 * JVM, as events of system {@code jvm} in the buffer {@value #BUFFER}. They come from JFR, about a
 * second late, and carry the times at which they happened.
 *
 * <p>JFR takes some hundred milliseconds to start and does so in the background. It writes to files
 * in the directory for temporary files, and ends the JVM when it cannot; so the source pauses, with
 * a line on the log, while there is little room. See {@code DiskRoom} for what remains.
 */
public final class JvmSource implements Source {
  /** The buffer that the source makes. */
  static final String BUFFER = "jvm";

  private static final String MODULE = "jdk.jfr";

  /** For the activator and {@link java.util.ServiceLoader}. */
  public JvmSource() {}

  @Override
  public String name() {
    return "jvm";
  }

  /**
   * Begins its start; the first events come a second or two later.
   *
   * @throws UnsupportedOperationException if this Java has no JFR
   */
  @Override
  public AutoCloseable start(Buffers buffers) {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      throw new UnsupportedOperationException(
          "source jvm needs the module " + MODULE + ", which this Java does not have");
    }
    return new JvmStream(buffers).start();
  }
}
