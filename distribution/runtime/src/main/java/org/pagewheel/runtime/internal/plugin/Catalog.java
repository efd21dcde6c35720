package org.pagewheel.runtime.internal.plugin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.pagewheel.spi.DefaultSettings;

/**
 * The available plugins of one kind, by name. They come and go at any time. Of several with the
 * same name the one with the highest rank counts, among equal ranks the one with the highest
 * version, then the one that came first; {@code name@1.0.0} names a particular version.
 *
 * @param <T> the kind
 */
public final class Catalog<T> {
  /** The place of a plugin among those of its name: {@code version} is major, minor, micro. */
  record Rank(int ranking, List<Integer> version) implements Comparable<Rank> {
    @Override
    public int compareTo(Rank other) {
      int difference = Integer.compare(ranking, other.ranking);
      for (int i = 0; difference == 0 && i < version.size(); i++) {
        difference = version.get(i).compareTo(other.version.get(i));
      }
      return difference;
    }

    String text() {
      return String.join(".", version.stream().map(String::valueOf).toList());
    }
  }

  private static final List<Integer> NO_VERSION = List.of(0, 0, 0);
  static final Rank UNRANKED = new Rank(0, NO_VERSION);
  private static final String VERSION = "@";

  private record Item<T>(String name, Rank rank, T plugin, Optional<DefaultSettings> defaults) {
    /** {@code name} alone, or {@code name@1.2.0}, where the end may be left out. */
    boolean isMeantBy(String text) {
      return text.contains(VERSION)
          ? (versioned() + ".").startsWith(text + ".")
          : text.equals(name);
    }

    String versioned() {
      return name + VERSION + rank.text();
    }
  }

  private record Watcher<T>(Consumer<T> added, Consumer<T> removed) {}

  private final Function<T, Optional<DefaultSettings>> describe;
  private final List<Item<T>> items = new ArrayList<>();
  private final List<Watcher<T>> watchers = new ArrayList<>();

  /**
   * Makes an empty catalog.
   *
   * @param describe asks a plugin for its settings, once, when it comes
   */
  Catalog(Function<T, Optional<DefaultSettings>> describe) {
    this.describe = describe;
  }

  /** Adds a plugin and notifies the watchers. */
  public void add(String name, int ranking, T plugin) {
    add(name, new Rank(ranking, NO_VERSION), plugin, describe(name, plugin));
  }

  /** Asks a plugin for its settings: foreign code, which may throw or never return. */
  Optional<DefaultSettings> describe(String name, T plugin) {
    Objects.requireNonNull(name, "its name is null");
    return Objects.requireNonNull(describe.apply(plugin), () -> name + " has null defaults");
  }

  /** Adds one of several versions, with the settings that it declared. */
  void add(String name, Rank rank, T plugin, Optional<DefaultSettings> defaults) {
    Item<T> item = new Item<>(name, rank, plugin, defaults);
    List<Watcher<T>> told;
    synchronized (this) {
      items.add(item);
      items.sort(Comparator.comparing((Item<T> each) -> each.rank()).reversed());
      told = List.copyOf(watchers);
    }
    told.forEach(watcher -> watcher.added().accept(plugin));
  }

  /** Removes a plugin; when this returns, the watchers no longer use it. */
  public void remove(T plugin) {
    List<Watcher<T>> told;
    synchronized (this) {
      if (!items.removeIf(item -> item.plugin() == plugin)) {
        return;
      }
      told = List.copyOf(watchers);
    }
    told.forEach(watcher -> watcher.removed().accept(plugin));
  }

  /**
   * Watches: every plugin, now present or coming later, is reported as added.
   *
   * @return ends the watching
   */
  public Runnable watch(Consumer<T> added, Consumer<T> removed) {
    Watcher<T> watcher = new Watcher<>(added, removed);
    List<Item<T>> there;
    synchronized (this) {
      watchers.add(watcher);
      there = List.copyOf(items);
    }
    there.forEach(item -> added.accept(item.plugin()));
    return () -> {
      synchronized (this) {
        watchers.remove(watcher);
      }
    };
  }

  public synchronized Optional<T> find(String name) {
    return first(name).map(Item::plugin);
  }

  /** The declared settings of the plugin that {@link #find} finds. */
  public synchronized Optional<DefaultSettings> defaults(String name) {
    return first(name).flatMap(Item::defaults);
  }

  private Optional<Item<T>> first(String name) {
    return items.stream().filter(item -> item.isMeantBy(name)).findFirst();
  }

  /** Whether a name is one of this plugin. */
  public synchronized boolean means(String name, T plugin) {
    return items.stream().anyMatch(item -> item.plugin() == plugin && item.isMeantBy(name));
  }

  /** The name a plugin was added under. */
  public synchronized Optional<String> nameOf(T plugin) {
    return items.stream().filter(item -> item.plugin() == plugin).findFirst().map(Item::name);
  }

  public synchronized SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    for (Item<T> item : items) {
      names.add(item.name());
      if (items.stream().anyMatch(each -> isOtherVersion(each, item))) {
        names.add(item.versioned());
      }
    }
    return names;
  }

  private static boolean isOtherVersion(Item<?> a, Item<?> b) {
    return a.name().equals(b.name()) && !a.versioned().equals(b.versioned());
  }
}
