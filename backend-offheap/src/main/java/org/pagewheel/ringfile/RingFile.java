package org.pagewheel.ringfile;

import static org.pagewheel.ringfile.RingFileLayout.INT;
import static org.pagewheel.ringfile.RingFileLayout.LONG;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pagewheel.ClockScale;
import org.pagewheel.Mode;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageLayout;
import org.pagewheel.ring.BusGuard;
import org.pagewheel.ring.ForeignRing;
import org.pagewheel.ring.RingLayout;
import org.pagewheel.ring.Salvage;
import org.pagewheel.spi.FileKind;
import org.pagewheel.spi.OwnFiles;
import org.pagewheel.spi.PageSource;

/**
 * The file of a ring, opened read-only; it may be on a read-only file system, and the writer is
 * never disturbed. For one thread.
 *
 * <p>Whatever the bytes are, opening gives a clear error, or reading gives what is consistent.
 */
public final class RingFile implements Closeable {
  private static final int MAX_CPUS = 1 << 16;

  /** The most that the setting allows. */
  private static final int MAX_METADATA = 65536 << 10;

  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final FileChannel channel;
  private final MemorySegment header;
  private final long length;
  private final RingLayout layout;
  private final List<String> problems = new ArrayList<>();
  private boolean isLostTold;
  private final FileMetadata metadata = new FileMetadata(problems::add);
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

  /** Of the mappings. */
  private final Arena mapping = Arena.ofShared();

  private final List<Runnable> ends = new ArrayList<>();
  private long metadataRead;

  private RingFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.length = channel.size();
    this.header = MemorySegment.ofArray(new long[RingFileLayout.HEADER_ROOM / Long.BYTES]);
    read(0, header);
    checkMagic();
    if (length < RingFileLayout.HEADER_ROOM) {
      throw problem("it has %,d bytes, the header alone has %,d", length, header.byteSize());
    }
    checkHeader();
    this.layout = checkGeometry();
    if (length < number(RingFileLayout.FILE_LENGTH)) {
      problems.add(
          "the file is truncated: it has %,d of %,d bytes"
              .formatted(length, number(RingFileLayout.FILE_LENGTH)));
    }
    refresh();
  }

  /**
   * Opens a file.
   *
   * @param path its name
   * @return the file
   * @throws RingFileException if it is not a ring's, is of a newer version, or its header is
   *     damaged
   * @throws IOException if it cannot be read
   */
  public static RingFile open(Path path) throws IOException {
    if (OwnFiles.contains(path)) {
      throw new RingFileException(
          "file " + path + " is being written by this process: save the buffer instead");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) { // a pipe would wait for its writer
      throw new RingFileException("file " + path + " is not a regular file");
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new RingFile(path, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private RingFileException problem(String what, Object... values) {
    return new RingFileException("file " + path + ": " + what.formatted(values));
  }

  private void checkMagic() throws RingFileException {
    long magic = header.get(LONG, 0);
    if (magic == RingFileLayout.UNFINISHED) {
      throw problem("its ring was never finished: there are no events in it");
    }
    if (magic == FileKind.OLD_RING.number()) {
      throw problem("its ring is of an older Pagewheel: recover it with that one");
    }
    if (magic != RingFileLayout.MAGIC) {
      throw problem("it is not a ring: it does not begin with PAGEWHL");
    }
  }

  private void checkHeader() throws RingFileException {
    int version = header.get(INT, RingFileLayout.VERSION_AT);
    if (version != RingFileLayout.VERSION) {
      throw problem(
          "it has version %s, this program reads version %d",
          Integer.toUnsignedString(version), RingFileLayout.VERSION);
    }
    int from = RingFileLayout.VERSION_AT;
    int crc = RingFileLayout.crc(header, from, RingFileLayout.CRC - (long) from);
    if (header.get(INT, RingFileLayout.CRC) != crc) {
      throw problem("its header is damaged: the check sum of bytes 8 to 223 is not right");
    }
  }

  private RingLayout checkGeometry() throws RingFileException {
    int mode = header.get(INT, RingFileLayout.MODE);
    int cpus = cpus();
    long metadata = number(RingFileLayout.METADATA_ROOM);
    try {
      PageLayout.checkPageSize(pageSize());
      RingLayout planned =
          new RingLayout(
              mode == 0 ? Mode.OVERWRITE : Mode.DISCARD,
              header.get(INT, RingFileLayout.PAGES),
              header.get(INT, RingFileLayout.SPARES),
              pageSize());
      long cpuOffset = RingFileLayout.HEADER_ROOM + metadata;
      if (mode >>> 1 != 0
          || cpus < 1
          || cpus > MAX_CPUS
          || metadata < 0
          || metadata > MAX_METADATA
          || number(RingFileLayout.METADATA_OFFSET) != RingFileLayout.HEADER_ROOM
          || number(RingFileLayout.CPU_OFFSET) != cpuOffset
          || number(RingFileLayout.CPU_BYTES) != planned.bytes()
          || number(RingFileLayout.FILE_LENGTH) != cpuOffset + cpus * planned.bytes()) {
        throw problem("the sizes in its header do not fit together");
      }
      return planned;
    } catch (IllegalArgumentException e) {
      throw problem("its header is damaged: %s", e.getMessage());
    }
  }

  private long number(int at) {
    return header.get(LONG, at);
  }

  /** Fills the target, with zeros beyond the end of the file. */
  private void read(long from, MemorySegment target) throws IOException {
    long done = 0;
    while (done < target.byteSize()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), target.byteSize() - done));
      int count = channel.read(buffer, from + done);
      if (count <= 0) {
        target.asSlice(done).fill((byte) 0);
        return;
      }
      MemorySegment.copy(buffer.array(), 0, target, ValueLayout.JAVA_BYTE, done, count);
      done += count;
    }
  }

  // ---- what it says

  /**
   * How many CPUs there are.
   *
   * @return a number of at least 1
   */
  public int cpus() {
    return header.get(INT, RingFileLayout.CPUS);
  }

  /**
   * The size of the pages.
   *
   * @return bytes
   */
  public int pageSize() {
    return header.get(INT, RingFileLayout.PAGE_SIZE);
  }

  /**
   * The name of the buffer.
   *
   * @return as it was configured
   */
  public String bufferName() {
    return text(RingFileLayout.NAME, RingFileLayout.NAME_LENGTH);
  }

  /**
   * The name of the clock.
   *
   * @return as trace files have it
   */
  public String clock() {
    return text(RingFileLayout.CLOCK, RingFileLayout.CLOCK_LENGTH);
  }

  /**
   * How what the clock counts becomes nanoseconds, as of the last {@link #refresh}.
   *
   * @return empty for a clock that counts nanoseconds, or nothing that becomes some
   */
  public Optional<ClockScale> scale() {
    return metadata.scale();
  }

  private String text(int at, int room) {
    byte[] bytes = header.asSlice(at, room).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8)
        .replaceAll("(?s)\\x00.*", "")
        .replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * The process that wrote it.
   *
   * @return its number
   */
  public long pid() {
    return number(RingFileLayout.PID);
  }

  /**
   * When it was begun.
   *
   * @return nanoseconds since 1970
   */
  public long start() {
    return number(RingFileLayout.START);
  }

  /**
   * The difference between the wall clock and the ring's when it was begun, both in nanoseconds.
   *
   * @return wall clock minus the ring's clock
   */
  public long wallOffset() {
    return number(RingFileLayout.WALL_OFFSET);
  }

  /**
   * Whether the process closed it, rather than died.
   *
   * @return true once it has
   * @throws IOException if the file cannot be read
   */
  public boolean isClosed() throws IOException {
    read(0, header);
    return RingFileLayout.getStateAcquire(header) == RingFileLayout.CLOSED;
  }

  /**
   * Whether a living process has it open for writing: the lock ends with the process.
   *
   * @return whether a process holds the lock
   * @throws IOException if that cannot be determined
   */
  public boolean isBeingWritten() throws IOException {
    try (FileLock lock = channel.tryLock(0, RingFileLayout.HEADER_ROOM, true)) {
      return lock == null;
    }
  }

  /**
   * What was found wrong with the file as a whole.
   *
   * @return one line for each
   */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  // ---- metadata

  /**
   * Event formats and thread names as of the last {@link #refresh}.
   *
   * @return the metadata read so far
   */
  public Metadata metadata() {
    return metadata;
  }

  /**
   * Reads the metadata added since.
   *
   * @throws IOException if the file cannot be read
   */
  public void refresh() throws IOException {
    read(0, header);
    long room = number(RingFileLayout.METADATA_ROOM);
    long used = RingFileLayout.getMetadataUsedAcquire(header);
    if (used < 0 || used > room) {
      used = room; // damaged; the entries themselves say where they end
    }
    long lost = RingFileLayout.getMetadataLostAcquire(header);
    if (lost > 0 && !isLostTold) {
      isLostTold = true;
      problems.add(
          lost + " names of methods, threads and event types did not fit in the file's metadata");
    }
    if (used <= metadataRead) {
      return;
    }
    MemorySegment entries = MemorySegment.ofArray(new byte[(int) (used - metadataRead)]);
    read(RingFileLayout.HEADER_ROOM + metadataRead, entries);
    metadataRead += metadata.add(entries, RingFileLayout.HEADER_ROOM + metadataRead);
  }

  // ---- pages

  /**
   * Saves one CPU's ring, of a file that is no longer written. Takes memory for one page and a few
   * words of each, and reads the file again when the pages are requested.
   *
   * @param cpu from 0 to {@link #cpus} − 1
   * @return its pages, and what was wrong
   * @throws IOException if the file cannot be read
   */
  public Salvage salvage(int cpu) throws IOException {
    long begin = number(RingFileLayout.CPU_OFFSET) + cpu * layout.bytes();
    MemorySegment words = longs(layout.wordBytes());
    if (begin + words.byteSize()
        <= length) { // else it is truncated, and half of the words would mislead
      read(begin, words.asSlice(0, Long.BYTES));
      if (words.get(LONG, 0) != 0) { // else the ring is empty: a file can be large and empty
        read(begin, words);
      }
    }
    MemorySegment page = longs(pageSize());
    ForeignRing.Frames frames =
        at -> {
          if (begin + at + page.byteSize() > length) {
            return null;
          }
          try {
            read(begin + at, page);
            return page;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    try {
      return ForeignRing.of(cpu, words, frames, layout, metadata::isEventId).salvage();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static MemorySegment longs(long bytes) {
    return MemorySegment.ofArray(new long[(int) (bytes / Long.BYTES)]);
  }

  /**
   * The rings as a source of pages, mapped read-only, while the writer writes. Pages can be copied
   * but not taken.
   *
   * @return the source, until this file is closed
   * @throws IOException if it cannot be mapped, or the file is truncated
   */
  public PageSource follow() throws IOException {
    if (length < number(RingFileLayout.FILE_LENGTH)) {
      throw problem("%s", problems.getFirst());
    }
    long mapped = number(RingFileLayout.FILE_LENGTH);
    MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, mapped, mapping);
    ends.add(BusGuard.guard(file)); // its owner may truncate it
    ForeignRing[] rings = new ForeignRing[cpus()];
    for (int cpu = 0; cpu < rings.length; cpu++) {
      long at = number(RingFileLayout.CPU_OFFSET) + cpu * layout.bytes();
      // Types become known while we follow, so every id may be valid.
      rings[cpu] = new ForeignRing(cpu, file.asSlice(at, layout.bytes()), layout, id -> true);
    }
    return new Followed(rings, pageSize(), header.get(INT, RingFileLayout.PAGES));
  }

  @Override
  public void close() throws IOException {
    ends.forEach(Runnable::run);
    mapping.close();
    channel.close();
  }
}
