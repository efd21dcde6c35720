package org.pagewheel.runtime.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The plugins of one kind that are there now, by name. They come and go at any time. Of several
 * with one name the one of the highest rank counts, of equal ranks that of the highest version,
 * then the one that came first.
 *
 * @param <T> the kind
 */
public final class Catalog<T> {
  /** Where a plugin stands among those of its name: {@code version} is major, minor, micro. */
  record Rank(int ranking, List<Integer> version) implements Comparable<Rank> {
    @Override
    public int compareTo(Rank other) {
      int difference = Integer.compare(ranking, other.ranking);
      for (int i = 0; difference == 0 && i < version.size(); i++) {
        difference = version.get(i).compareTo(other.version.get(i));
      }
      return difference;
    }
  }

  private static final List<Integer> NO_VERSION = List.of(0, 0, 0);

  private record Item<T>(String name, Rank rank, T plugin) {}

  private record Watcher<T>(Consumer<T> added, Consumer<T> removed) {}

  private final List<Item<T>> items = new ArrayList<>();
  private final List<Watcher<T>> watchers = new ArrayList<>();

  /** Adds a plugin and tells the watchers. */
  public void add(String name, int ranking, T plugin) {
    add(name, new Rank(ranking, NO_VERSION), plugin);
  }

  /** The same for one of several versions. */
  void add(String name, Rank rank, T plugin) {
    List<Watcher<T>> told;
    synchronized (this) {
      items.add(new Item<>(name, rank, plugin));
      items.sort(Comparator.comparing((Item<T> item) -> item.rank()).reversed());
      told = List.copyOf(watchers);
    }
    told.forEach(watcher -> watcher.added().accept(plugin));
  }

  /** Removes a plugin; when this returns, the watchers use it no more. */
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
   * Watches: each plugin that is there, and each that comes, is told as added.
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
    return items.stream().filter(item -> item.name().equals(name)).findFirst().map(Item::plugin);
  }

  /** The name a plugin was added under. */
  public synchronized Optional<String> nameOf(T plugin) {
    return items.stream().filter(item -> item.plugin() == plugin).findFirst().map(Item::name);
  }

  public synchronized SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    items.forEach(item -> names.add(item.name()));
    return names;
  }
}
