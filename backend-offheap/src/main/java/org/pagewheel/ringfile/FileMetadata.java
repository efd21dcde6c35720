package org.pagewheel.ringfile;

import static org.pagewheel.ringfile.RingFileLayout.INT;
import static org.pagewheel.ringfile.RingFileLayout.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.pagewheel.ClockScale;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.spi.Symbols;

/** The event formats, thread names and symbols of a ring's file, read entry by entry. */
final class FileMetadata implements Metadata {
  private final BitSet eventIds = new BitSet();
  private final Map<Integer, EventFormat> formats = new TreeMap<>();
  private final Map<Integer, String> threadNames = new TreeMap<>();
  private final Map<Long, String> symbols = new TreeMap<>();
  private final Consumer<String> problems;
  private ClockScale scale;

  /**
   * Empty metadata.
   *
   * @param problems takes a line about what is damaged
   */
  FileMetadata(Consumer<String> problems) {
    this.problems = problems;
  }

  /** Whether an event may have this id. */
  boolean isEventId(int id) {
    return eventIds.get(id);
  }

  @Override
  public List<EventFormat> formats() {
    return List.copyOf(formats.values());
  }

  @Override
  public Map<Integer, String> threadNames() {
    return Map.copyOf(threadNames);
  }

  @Override
  public Map<Long, String> symbols() {
    return Map.copyOf(symbols);
  }

  /**
   * Reads entries.
   *
   * @param entries one after another
   * @param offset of the first one in the file
   * @return the number of bytes of the complete ones
   */
  long add(MemorySegment entries, long offset) {
    long at = 0;
    while (at + RingFileLayout.ENTRY_HEADER <= entries.byteSize()) {
      long size = entry(entries, at, offset + at);
      if (size < 0) {
        break;
      }
      at += size;
    }
    return at;
  }

  /** Reads an entry; returns its size, or −1 if it is not one. */
  private long entry(MemorySegment entries, long at, long offset) {
    long dataLength = entries.get(INT, at + RingFileLayout.ENTRY_LENGTH) & 0xffffffffL;
    long size = RingFileLayout.roundUp(RingFileLayout.ENTRY_HEADER + dataLength, Long.BYTES);
    if (at + size > entries.byteSize()) {
      return damaged(offset);
    }
    long from = at + RingFileLayout.ENTRY_KIND;
    int crc = RingFileLayout.crc(entries, from, at + size - from);
    if (crc != entries.get(INT, at + RingFileLayout.ENTRY_CRC)) {
      return damaged(offset);
    }
    int id = entries.get(INT, at + RingFileLayout.ENTRY_ID);
    byte[] data =
        entries
            .asSlice(at + RingFileLayout.ENTRY_HEADER, dataLength)
            .toArray(ValueLayout.JAVA_BYTE);
    String text = new String(data, StandardCharsets.UTF_8);
    switch (entries.get(INT, at + RingFileLayout.ENTRY_KIND)) {
      case RingFileLayout.FORMAT -> {
        String[] parts = text.split("\0", 3);
        if (parts.length == 3 && id >= 0 && id <= 0xffff) {
          formats.put(id, new EventFormat(id, parts[0], parts[1], parts[2]));
          eventIds.set(id);
        }
      }
      case RingFileLayout.THREAD -> threadNames.put(id, text);
      case RingFileLayout.SYMBOL -> symbol(id, text);
      case RingFileLayout.SCALE -> scale(MemorySegment.ofArray(data));
      default -> {
        // of a later version
      }
    }
    return size;
  }

  private void scale(MemorySegment data) {
    try {
      scale =
          new ClockScale(
              data.get(INT, 0), data.get(INT, Integer.BYTES), data.get(LONG, Long.BYTES));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // of a later version
    }
  }

  /** How counts of the clock become nanoseconds; empty if they are some. */
  Optional<ClockScale> scale() {
    return Optional.ofNullable(scale);
  }

  /** If a name were white space or empty, tools would read no symbol after it. */
  private void symbol(int id, String name) {
    if (id > 0 && !name.isEmpty() && name.codePoints().noneMatch(c -> c <= ' ')) {
      symbols.put(Symbols.address(id), name);
    }
  }

  private long damaged(long offset) {
    problems.accept(
        "the metadata is damaged at offset %d: event types and threads after it are unknown"
            .formatted(offset));
    eventIds.set(0, 1 << Character.SIZE); // so no event is refused for its id
    return -1;
  }
}
