package org.pagewheel.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;

/** What a shell or a monitor needs beyond {@link org.pagewheel.Buffers}. */
@ProviderType
public interface Administration {
  /**
   * The effective configuration.
   *
   * @return every value with its origin, by key
   */
  List<Setting> settings();

  /**
   * The backends available now.
   *
   * @return their names, sorted
   */
  List<String> backends();

  /**
   * The settings of a backend, if it declares them.
   *
   * @param backend its name
   * @return by key, with their defaults; empty if there is no such backend
   */
  Map<String, String> backendSettings(String backend);

  /**
   * The settings of consumers of a type, if the type declares them.
   *
   * @param type its name
   * @return by key, with their defaults; empty if there is no such type
   */
  Map<String, String> consumerSettings(String type);

  /**
   * The types of consumers available now.
   *
   * @return their names, sorted
   */
  List<String> consumerTypes();

  /**
   * The clocks that a buffer can have here.
   *
   * @return their names, the default first
   */
  List<String> clocks();

  /**
   * The state of the buffers.
   *
   * @return one entry for each open buffer, in the order of their making
   */
  List<BufferStatus> buffers();

  /**
   * The state of the consumers.
   *
   * @return one entry for each consumer of each open buffer
   */
  List<ConsumerStatus> consumers();

  /**
   * The state of the sources.
   *
   * @return one entry for each source, running or not
   */
  List<SourceStatus> sources();

  /**
   * Makes a buffer's configuration from text, by the rules and with the defaults of the
   * configuration.
   *
   * @param name the buffer's name
   * @param values by key as under {@code pagewheel.buffers.<name>}: {@code pages}, {@code
   *     page-size}, {@code settings.x} …; may be empty
   * @return what {@link org.pagewheel.Buffers#create} takes
   * @throws ConfigurationException if a key is unknown or a value wrong
   */
  BufferConfig configure(String name, Map<String, String> values);

  /**
   * Makes a buffer from text, as the configuration makes its own: with its events, triggers,
   * fallback and consumers.
   *
   * @param name the buffer's name
   * @param values by key as under {@code pagewheel.buffers.<name>}; may be empty
   * @return the buffer
   * @throws IllegalArgumentException if there is such a buffer already, or a value is wrong;
   *     nothing has changed then
   * @throws IOException if its ring cannot be made or a consumer cannot start; nothing has changed
   *     then
   */
  Buffer create(String name, Map<String, String> values) throws IOException;

  /**
   * Gives a buffer a new ring while writers write: another backend, size, mode or clock, all in the
   * same way. No event that was written is lost by it, each CPU's order holds, and no writer waits.
   * Readers and consumers finish the old ring and go on with the new one.
   *
   * <p>In overwrite mode the old ring stays readable until as much has been written to the new one;
   * only a few rings are kept this way, and what is given up unread with the oldest counts as
   * overrun. In discard mode this call waits until readers have finished the ring before the last.
   *
   * @param config how; {@link BufferConfig#name} says which buffer
   * @throws IllegalArgumentException if there is no such buffer or backend, or a value is wrong;
   *     nothing has changed then
   * @throws IOException if the ring cannot be made, or not in time; nothing has changed then
   */
  void replace(BufferConfig config) throws IOException;

  /**
   * Gives a buffer a new ring as {@link #replace} does, from text.
   *
   * @param buffer the buffer's name
   * @param values {@code backend}, {@code pages}, {@code page-size}, {@code mode}, {@code clock}
   *     and the settings of the backend, as under {@code pagewheel.buffers.<name>}; what is not
   *     named stays as it is, except that with {@code backend} the settings are only those named;
   *     may be empty
   * @throws IllegalArgumentException if there is no such buffer or backend, a key is not of a ring,
   *     or a value is wrong; nothing has changed then
   * @throws IOException if the ring cannot be made, or not in time; nothing has changed then
   */
  void swap(String buffer, Map<String, String> values) throws IOException;

  /**
   * Attaches a consumer to a buffer. The buffer's first consumer gets what is unread in the ring
   * first.
   *
   * @param buffer the buffer's name
   * @param name the consumer's name among those of the buffer
   * @param values {@code type} and the other keys as under {@code
   *     pagewheel.buffers.<buffer>.consumers.<name>}
   * @throws IllegalArgumentException if there is no such buffer or type, the name is taken, or a
   *     value is wrong; nothing has changed then
   * @throws IOException if the consumer cannot start; nothing has changed then
   */
  void attach(String buffer, String name, Map<String, String> values) throws IOException;

  /**
   * Detaches a consumer once it has taken what waits for it, or the stop-timeout has passed.
   *
   * @param buffer the buffer's name
   * @param name the consumer's name
   * @throws IllegalArgumentException if there is no such consumer
   */
  void detach(String buffer, String name);

  /**
   * Reads the configuration again, from where it was read at the start, and applies what has
   * changed in it; what was changed only by hand stays as it is. New buffers are made, those no
   * longer named are closed once their consumers have everything, rings are replaced as by {@link
   * #replace}, consumers attached, detached and exchanged. No event is lost by it, except where a
   * consumer takes so long to finish that a ring in overwrite mode runs over.
   *
   * @return a line for each change, none if nothing has changed
   * @throws ConfigurationException if anything is wrong in it; nothing has changed then
   * @throws IOException if something could not be done; what had been done was undone
   */
  List<String> reload() throws IOException;

  /**
   * Saves what buffers hold at this moment to a new file in the configured directory, named after
   * the first buffer and the time. Only the configured number of a buffer's snapshots is kept.
   *
   * @param names which buffers; none means all
   * @return the file
   * @throws IllegalArgumentException if there is no buffer of that name
   * @throws IOException if it cannot be written
   */
  Path snapshot(String... names) throws IOException;

  /**
   * The triggers.
   *
   * @return one entry for each trigger of each open buffer
   */
  List<TriggerStatus> triggers();

  /**
   * Makes something happen when an event is committed.
   *
   * @param buffer the buffer's name
   * @param text {@code EVENT ACTION[:COUNT] [if FILTER]}, or {@code SPAN ACTION if latency > 50
   *     ms}, {@code FIRST SECOND by KEY ACTION if p99 > 5 ms over 10 s}, as under {@code
   *     pagewheel.buffers.<buffer>.triggers}
   * @throws IllegalArgumentException if there is no such buffer, or the text is wrong; nothing has
   *     changed then
   */
  void addTrigger(String buffer, String text);

  /**
   * Removes triggers.
   *
   * @param buffer the buffer's name
   * @param text the text given to {@link #addTrigger}; the count may differ
   * @throws IllegalArgumentException if there is no such trigger
   */
  void removeTrigger(String buffer, String text);
}
