package org.pagewheel.sources.internal;

import java.io.IOException;
import org.pagewheel.Buffers;
import org.pagewheel.spi.Source;

/**
 * The source {@code jvm}: garbage collections, safepoints, slow class loading and threads of this
 * JVM, as events of system {@code jvm} in a buffer of its own, {@value #BUFFER}. They come from
 * JFR, about a second late, and carry the times at which they happened.
 *
 * <p>The runtime starts each source on a thread of its own, so that nobody waits for JFR.
 */
public final class JvmSource implements Source {
  /** The buffer that the source makes. */
  static final String BUFFER = "jvm";

  private static final String MODULE = "jdk.jfr";

  /** Made by the activator, or by {@link java.util.ServiceLoader}. */
  public JvmSource() {}

  @Override
  public String name() {
    return "jvm";
  }

  /**
   * Starts to write; takes some hundred milliseconds.
   *
   * @throws UnsupportedOperationException if this Java has no JFR
   */
  @Override
  public AutoCloseable start(Buffers buffers) throws IOException, InterruptedException {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      throw new UnsupportedOperationException(
          "source jvm needs the module " + MODULE + ", which this Java does not have");
    }
    return new JvmStream(buffers);
  }
}
