package org.pagewheel.runtime.internal.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.pagewheel.runtime.Setting;

/**
 * The whole configuration, checked.
 *
 * @param buffers the buffers that exist from the start
 * @param sources which named sources may run
 * @param otherSources whether the others may
 * @param openTimeout how long a backend may take to make a ring
 * @param drainTimeout how long readers may take to finish the ring before the last
 * @param stopTimeout how long a consumer may take to finish
 * @param snapshots where snapshots go
 * @param kept where what triggers keep goes
 * @param save what is saved at the end
 * @param agentCommands what an agent runs when it has started
 * @param effective every value with its origin
 * @param rules makes further buffers and consumers by the same rules and defaults
 * @param reader reads the configuration again, from where this was read
 */
public record Settings(
    List<BufferPlan> buffers,
    Map<String, Boolean> sources,
    boolean otherSources,
    Duration openTimeout,
    Duration drainTimeout,
    Duration stopTimeout,
    Snapshots snapshots,
    Kept kept,
    Save save,
    String agentCommands,
    List<Setting> effective,
    Rules rules,
    Supplier<Settings> reader) {

  /**
   * Where snapshots go.
   *
   * @param directory made when it is needed
   * @param keep how many are kept for a buffer
   * @param allBuffers whether a trigger's snapshot is of all buffers, not of its own alone
   * @param coolDown the least time between two snapshots, or lines, of a trigger without a count
   */
  public record Snapshots(Path directory, int keep, boolean allBuffers, Duration coolDown) {}

  /**
   * Where what triggers keep goes.
   *
   * @param directory made when it is needed
   * @param keep how many files stay at most
   * @param keepSize how many bytes they may have together
   * @param allBuffers whether all buffers are kept, not the event's alone
   * @param coolDown the least time between two of a trigger without a count
   */
  public record Kept(
      Path directory, int keep, long keepSize, boolean allBuffers, Duration coolDown) {}

  /**
   * What is saved at the end.
   *
   * @param onExit the file when everything stops
   * @param onOutOfMemory the file when memory is out
   * @param isReported whether a summary is printed when everything stops
   */
  public record Save(Optional<Path> onExit, Optional<Path> onOutOfMemory, boolean isReported) {}

  /**
   * Reads the configuration as it is now.
   *
   * @throws org.pagewheel.runtime.ConfigurationException if anything is wrong in it
   */
  public Settings readAgain() {
    return reader.get();
  }

  /** Whether a key that is on or off is on. */
  public boolean isOn(String key) {
    return origin(key, "true").isPresent();
  }

  /** The place of a key's value, if it was set in the configuration. */
  public Optional<String> origin(String key, String value) {
    return effective.stream()
        .filter(setting -> setting.key().equals(key) && isValue(setting, value))
        .findFirst()
        .map(Setting::origin);
  }

  /** A key, preceded by the place of its value if that is in the configuration; for messages. */
  public String placed(String key, String value) {
    return origin(key, value).map(origin -> Wording.placed(origin, key)).orElse(key);
  }

  private static boolean isValue(Setting setting, String value) {
    return setting.value().equals(value) || setting.value().equals("\"" + value + "\"");
  }

  /** The place of a key's value, followed by the key and the value; for messages. */
  public String place(String key) {
    return effective.stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .map(setting -> Wording.placed(setting.origin(), key) + " = " + setting.value())
        .orElse(key);
  }

  /**
   * A plugin's message about its settings, preceded by the place of the setting that it mentions;
   * the message alone if that is not in the configuration.
   *
   * @param path what the keys of the settings begin with
   * @param settings as the plugin got them
   * @param message in one line
   */
  public String located(String path, Map<String, String> settings, String message) {
    String place = "";
    int longest = 0;
    for (Setting setting : effective) {
      String key = setting.key().startsWith(path) ? setting.key().substring(path.length()) : "";
      String value = settings.get(key);
      if (isValue(setting, value) && key.length() > longest && names(message, key)) {
        place = setting.origin() + ": ";
        longest = key.length();
      }
    }
    return place + message;
  }

  /** Whether a key is in a message as a separate word. */
  private static boolean names(String message, String key) {
    return Pattern.compile("(?<![\\w-])" + Pattern.quote(key) + "(?![\\w-])")
        .matcher(message)
        .find();
  }

  public boolean mayRun(String source) {
    return sources.getOrDefault(source, otherSources);
  }
}
