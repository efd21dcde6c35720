package org.pagewheel.event;

import java.util.Collection;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.pagewheel.event.internal.EventGlob;

/**
 * Which event types one buffer records. Everything is enabled at first; what {@link #enable} and
 * {@link #disable} say holds also for types that are defined later, the last pattern that matches a
 * type decides.
 *
 * <p>May be used by any thread at any time. A writer sees a change at its next event or the one
 * after it: no thread waits for writers.
 *
 * <p>A view: it belongs to its buffer, and ends with it.
 */
@ProviderType
public interface EventSet {
  /**
   * Enables event types, those that are known and those to come.
   *
   * @param glob {@code system:name} with {@code *} for any characters ({@code shop:*}, {@code
   *     *:gc_*}), or {@code *} for all
   * @return how many types known now match
   * @throws IllegalArgumentException if the pattern is none; the message says what would be right
   * @throws IllegalStateException if the buffer is closed
   */
  int enable(String glob);

  /**
   * Disables event types, those that are known and those to come.
   *
   * @param glob as for {@link #enable}
   * @return how many types known now match
   * @throws IllegalArgumentException if the pattern is none; the message says what would be right
   * @throws IllegalStateException if the buffer is closed
   */
  int disable(String glob);

  /**
   * Enables these event types and no others, those that are known and those to come; earlier calls
   * are forgotten. A type that was enabled and stays so is so all the time.
   *
   * @param globs as for {@link #enable}; none disables everything
   * @throws IllegalArgumentException if a pattern is none; nothing has changed then
   * @throws IllegalStateException if the buffer is closed
   */
  void only(Collection<String> globs);

  /**
   * Whether the buffer records a type of this name, known or to come.
   *
   * @param system the event system
   * @param name the event's name within the system
   * @return true unless it is disabled; false once the buffer is closed
   */
  boolean isEnabled(String system, String name);

  /**
   * Whether the buffer records a type.
   *
   * @param format the type's format
   * @return true unless it is disabled; false once the buffer is closed
   */
  boolean isEnabled(EventFormat format);

  /**
   * The types known now, and whether the buffer records them.
   *
   * @return a copy, by system and name
   */
  List<EventState> list();

  /**
   * Checks a pattern, without a buffer to try it on.
   *
   * @param glob as for {@link #enable}
   * @throws IllegalArgumentException if the pattern is none; the message says what would be right
   */
  static void checkPattern(String glob) {
    EventGlob.of(glob);
  }
}
