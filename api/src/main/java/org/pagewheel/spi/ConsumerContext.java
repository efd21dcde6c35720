package org.pagewheel.spi;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.Buffer;
import org.pagewheel.event.Metadata;

/** What a consumer is given when it is made. */
@ProviderType
public interface ConsumerContext {
  /**
   * The consumer's own name among those of its buffer.
   *
   * @return the name in the configuration
   */
  String name();

  /**
   * The buffer whose pages it will get.
   *
   * @return the buffer; its readers belong to others
   */
  Buffer buffer();

  /**
   * What goes into a trace file beside the pages.
   *
   * @return the same instance all the time; its content grows
   */
  Metadata metadata();

  /**
   * The consumer's settings, as text, where somebody has said them; {@link
   * DefaultSettings#complete} adds the others.
   *
   * @return without the {@code type}; may be empty
   */
  Map<String, String> settings();

  /**
   * How the consumers of the buffer do, this one among them.
   *
   * @return one entry for each that is attached; empty where nobody keeps accounts
   */
  default List<ConsumerAccount> consumers() {
    return List.of();
  }

  /**
   * Tells the user of trouble, once for each cause: shown by the shell and logged.
   *
   * @param problem one line that says what is wrong, or null when the trouble is over
   */
  void report(String problem);

  /**
   * Counts events that were on pages the consumer had accepted, and are lost all the same: a file
   * was taken away, a connection broke before its end. They count as missed by this consumer. What
   * it throws at is counted already.
   *
   * <p>The consumer itself sees to it that they are reported in-band, in what it writes next. What
   * is counted after a {@link #report} counts as missed since that trouble began.
   *
   * @param events how many, −1 if their number is unknown
   */
  default void lost(long events) {}
}
