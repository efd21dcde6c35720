package org.pagewheel.runtime.internal.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Values by whole key that are not in a file: from the command line, a program, or a shell. */
final class Layer {
  private Layer() {}

  /**
   * Makes one; adds wrong keys to the problems.
   *
   * @param place what a problem begins with, before the key
   * @param origin of a key's value
   * @param right a key that would be right
   */
  static Config of(
      Map<String, String> values,
      String place,
      UnaryOperator<String> origin,
      String right,
      List<String> problems) {
    Config layer = ConfigFactory.empty();
    TreeMap<String, String> sorted = new TreeMap<>(values);
    for (Map.Entry<String, String> entry : sorted.entrySet()) {
      String key = entry.getKey();
      String below = sorted.higherKey(key + ".");
      if (below != null && below.startsWith(key + ".")) {
        problems.add(
            "%s%s = %s: an object { ... } would be right, for there is %s as well"
                .formatted(place, key, entry.getValue(), below));
      } else {
        try {
          layer =
              layer.withValue(
                  key, ConfigValueFactory.fromAnyRef(entry.getValue(), origin.apply(key)));
        } catch (ConfigException | StackOverflowError e) {
          String shown = key.length() > 100 ? key.substring(0, 100) + "..." : key;
          problems.add(place + shown + ": not a valid key; " + right + " would be one");
        }
      }
    }
    return layer;
  }
}
