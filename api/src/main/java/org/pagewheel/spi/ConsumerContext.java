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
}
