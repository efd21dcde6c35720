package org.pagewheel.event.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.EventState;
import org.pagewheel.event.EventType;
import org.pagewheel.spi.Leftovers;

/**
 * The event types and the event sets of this process.
 *
 * <p>How it works: formats are plain text and are kept for ever, since pages with their events may
 * exist anywhere; the types themselves are held weakly, because each keeps its record's class
 * loader alive. The monitor of the registry guards everything here and in the sets; writers only
 * ever read a type's mask, without it.
 */
public final class EventRegistry {
  /** How many sets can be open at once: the bits of a type's mask. */
  public static final int MAX_SETS = Long.SIZE;

  /** Far above the kernel's ids, so that one file can hold both. */
  static final int FIRST_ID = 30_000;

  static final int LAST_ID = 65_535;

  /** The registry of this process. */
  public static final EventRegistry PROCESS = new EventRegistry();

  /** The owner of a name: the latest id of the format, and its type unless that is gone. */
  private record Owner(int id, String className, WeakReference<EventType<?>> type) {}

  /** A type's mask, which only the registry changes. */
  private static final VarHandle MASK;

  private static final VarHandle INFO;

  static {
    try {
      Lookup lookup = MethodHandles.privateLookupIn(EventType.class, MethodHandles.lookup());
      MASK = lookup.findVarHandle(EventType.class, "mask", long.class);
      INFO = lookup.findVarHandle(EventType.class, "info", TypeInfo.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Map<String, Owner> owners = new TreeMap<>();
  private final Map<String, EventFormat> formatsByText = new HashMap<>();
  private final Map<Integer, EventFormat> formats = new TreeMap<>();
  private final List<WeakReference<EventType<?>>> types = new ArrayList<>();
  private final EventRules[] sets = new EventRules[MAX_SETS];
  private int nextId = FIRST_ID;

  // The first event may be written when the stack or the heap is full, and a class whose
  // initialiser fails is lost for the whole process.
  static {
    List.of(
            EventFields.class,
            SpanIds.class,
            ThreadIds.class,
            ThreadNames.class,
            Utf8.class,
            Leftovers.class)
        .forEach(EventRegistry::initialize);
  }

  private static void initialize(Class<?> type) {
    try {
      Class.forName(type.getName(), true, type.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  EventRegistry() {
    formats.put(MarkFormat.FORMAT.id(), MarkFormat.FORMAT);
  }

  /**
   * Finds or makes the format of a type; an id is never given to another text.
   *
   * @param className the record's class, to distinguish a new version of a class from another class
   * @param text the format text for an id
   */
  synchronized EventFormat format(
      String system, String name, String className, IntFunction<String> text) {
    String key = system + ":" + name;
    EventFormat known = formatsByText.get(key + "\n" + text.apply(0));
    if (known != null) {
      return known;
    }
    Owner owner = owners.get(key);
    if (owner != null && !owner.className.equals(className) && owner.type.get() != null) {
      throw new IllegalArgumentException(
          "event "
              + key
              + " is defined already, with other components, by "
              + owner.className
              + ": give "
              + className
              + " another name with @Name or another system");
    }
    if (nextId > LAST_ID) {
      throw new IllegalStateException(
          "no event id is left for "
              + key
              + ": "
              + (LAST_ID - FIRST_ID + 1)
              + " different formats have been defined in this process");
    }
    EventFormat format = new EventFormat(nextId, system, name, text.apply(nextId));
    nextId++;
    formats.put(format.id(), format);
    formatsByText.put(key + "\n" + text.apply(0), format);
    return format;
  }

  /**
   * Makes an event type.
   *
   * @param lookup a lookup in the record's module, or null
   */
  public <R extends Record> EventType<R> define(
      EventTypes<R> definition, String className, Lookup lookup) {
    MethodHandle constructor = definition.constructor(lookup);
    EventType<R> type;
    synchronized (this) {
      EventFormat format =
          format(definition.system(), definition.name(), className, definition::text);
      try {
        @SuppressWarnings("unchecked") // the class was made for R
        EventType<R> made = (EventType<R>) constructor.invokeExact(format);
        type = made;
        ((TypeInfo) INFO.get(type)).reader(definition.reader());
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("no event type for " + className, e);
      }
      add(type, className);
    }
    ProcessMetadata.INSTANCE.tell(type.format());
    return type;
  }

  /** Registers a format of the kernel's, whose events no type of ours writes. */
  synchronized void define(EventFormat kernels) {
    formats.put(kernels.id(), kernels);
  }

  /** Registers a type: from now on its mask follows the sets. */
  synchronized void add(EventType<?> type, String className) {
    EventFormat format = type.format();
    WeakReference<EventType<?>> reference = new WeakReference<>(type);
    types.removeIf(known -> known.get() == null);
    types.add(reference);
    String key = format.system() + ":" + format.name();
    owners.put(key, new Owner(format.id(), className, reference));
    long mask = 0;
    for (EventRules set : sets) {
      if (set != null && set.decide(key)) {
        mask |= set.bit();
      }
    }
    MASK.setOpaque(type, mask); // pairs with EventType.mask()
  }

  /** The formats of all types ever made, by id. */
  synchronized List<EventFormat> formats() {
    return List.copyOf(formats.values());
  }

  synchronized int formatCount() {
    return formats.size();
  }

  /** Makes a set in which every event type is enabled. */
  public synchronized EventRules open() {
    for (int i = 0; i < sets.length; i++) {
      if (sets[i] == null) {
        sets[i] = new EventRules(this, 1L << i);
        apply(sets[i], EventGlob.of("*"));
        return sets[i];
      }
    }
    throw new IllegalStateException(
        MAX_SETS + " buffers are open, no more can have typed events: close one first");
  }

  /** Takes a set's bit back; does nothing the second time. */
  public synchronized void close(EventRules set) {
    if (set.end()) {
      apply(set, EventGlob.of("*"));
      sets[Long.numberOfTrailingZeros(set.bit())] = null;
    }
  }

  /** Puts a set's decision into the masks of the matching types, and counts their names. */
  synchronized int apply(EventRules set, EventGlob glob) {
    for (WeakReference<EventType<?>> reference : types) {
      EventType<?> type = reference.get();
      if (type != null) {
        String key = type.format().system() + ":" + type.format().name();
        if (glob.matches(key)) {
          long others = (long) MASK.getOpaque(type) & ~set.bit();
          long mask = set.decide(key) ? others | set.bit() : others;
          MASK.setOpaque(type, mask); // pairs with EventType.mask()
        }
      }
    }
    return (int) owners.keySet().stream().filter(glob::matches).count();
  }

  synchronized List<EventState> list(EventRules set) {
    List<EventState> list = new ArrayList<>();
    owners.forEach(
        (key, owner) -> {
          EventFormat format = formats.get(owner.id);
          list.add(new EventState(format.system(), format.name(), format.id(), set.decide(key)));
        });
    return list;
  }
}
