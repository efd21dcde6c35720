package org.pagewheel.ringfile;

import static org.pagewheel.ringfile.RingFileLayout.INT;
import static org.pagewheel.ringfile.RingFileLayout.LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.ClockScale;
import org.pagewheel.Mode;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.ring.BusGuard;
import org.pagewheel.ring.CpuMemories;
import org.pagewheel.ring.KeptMemory;
import org.pagewheel.ring.PageRing;
import org.pagewheel.ring.RingLayout;
import org.pagewheel.spi.FileKind;
import org.pagewheel.spi.Log;
import org.pagewheel.spi.OwnFiles;
import org.pagewheel.spi.PrivateFiles;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.spi.Symbols;

/**
 * Makes the file of a ring and gives its memory to the ring. The file is allocated in full,
 * readable and writable by its owner alone, and locked while this process writes it; the lock ends
 * with the process, however that ends.
 */
public final class RingFileWriter implements CpuMemories {
  private static final int BLOCK = 1 << 20;

  /** The part of the metadata that virtual threads may use: they are many and short-lived. */
  private static final int VIRTUAL_SHARE = 2;

  /** The part of the metadata that symbols leave free: event types matter more. */
  private static final int SYMBOL_REST = 4;

  private static final int FIRST_VIRTUAL = 1 << 22;

  /** When the scale of the clock is written a second time. */
  private static final long FIRST_SCALE = 1_000_000_000;

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  /** Null if the memory is kept. */
  private final Arena arena;

  private final MemorySegment file;
  private final long cpuOffset;
  private final long cpuBytes;
  private final long wordBytes;
  private final long metadataRoom;
  private final int rings;
  private final Runnable stopWatching;
  private final Runnable endGuard;

  /** The rings that use its memory, once it is published. */
  private volatile PageRing ring;

  private final Object own;
  private final Clock clock;
  private final long begun = System.nanoTime();
  private long nextScale;
  private final Set<Integer> formats = new HashSet<>();
  private final BitSet symbols = new BitSet();
  private long metadataLost;
  private long metadataUsed;
  private boolean closed;

  private RingFileWriter(
      Path path, FileChannel channel, FileLock lock, RingConfig config, Plan plan)
      throws IOException {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
    this.cpuOffset = plan.cpuOffset;
    this.cpuBytes = plan.layout.bytes();
    this.wordBytes = plan.layout.wordBytes();
    this.metadataRoom = plan.metadataRoom;
    this.rings = plan.rings;
    this.arena = KeptMemory.isAvailable() ? null : Arena.ofShared();
    Arena life = arena == null ? Arena.ofAuto() : arena;
    this.file = channel.map(FileChannel.MapMode.READ_WRITE, 0, plan.length, life);
    this.clock = config.buffer().clock();
    writeHeader(config.buffer(), plan);
    writeScale();
    this.own = OwnFiles.add(path, config.wakeup());
    this.endGuard = BusGuard.guard(file);
    this.stopWatching = Metadata.process().watch(new FormatLog());
  }

  private record Plan(
      RingLayout layout, int spares, int rings, long metadataRoom, long cpuOffset, long length) {}

  /**
   * Makes a file.
   *
   * @param path its name; no file may have it yet
   * @param config of the ring that it will hold
   * @param layout of one CPU's ring
   * @param spares as in the layout
   * @param metadataRoom bytes for event formats and thread names
   * @param limit what may stay of earlier rings
   * @return a file that no reader accepts yet, see {@link #publish}
   * @throws IOException if it cannot be made, for example because the disk is full; then nothing is
   *     left
   */
  public static RingFileWriter create(
      Path path,
      RingConfig config,
      RingLayout layout,
      int spares,
      long metadataRoom,
      LeftLimit limit)
      throws IOException {
    long room = RingFileLayout.roundUp(metadataRoom, RingFileLayout.HEADER_ROOM);
    long cpuOffset = RingFileLayout.HEADER_ROOM + room;
    long length = cpuOffset + Math.multiplyExact(layout.bytes(), config.buffer().cpus());
    checkRoom(path, length);
    Unborn.sweep(path);
    Path unborn = Unborn.nameFor(path);
    FileChannel channel =
        PrivateFiles.create(
            unborn,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    FileLock lock;
    try {
      lock = lock(path, channel);
      begin(channel);
      give(path, unborn);
    } catch (IOException | RuntimeException | Error e) {
      try (channel) {
        Files.deleteIfExists(unborn);
      }
      throw e;
    }
    try {
      allocate(path, channel, length);
      Plan plan = new Plan(layout, spares, limit.rings(length), room, cpuOffset, length);
      return new RingFileWriter(path, channel, lock, config, plan);
    } catch (IOException | RuntimeException | Error e) {
      Files.deleteIfExists(path); // before the lock ends, or it might be another's by then
      channel.close();
      throw e;
    }
  }

  /**
   * Writes its first bytes to the disk: whenever the process or the machine dies, a file with a
   * ring's name can be distinguished from one that is not a ring.
   */
  private static void begin(FileChannel channel) throws IOException {
    ByteBuffer begin = ByteBuffer.wrap(FileKind.UNFINISHED_RING.begin());
    while (begin.hasRemaining()) {
      channel.write(begin, begin.position());
    }
    channel.force(true);
  }

  /** Gives it its name, which no file may have. */
  private static void give(Path path, Path unborn) throws IOException {
    try {
      link(path, unborn);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("file " + path + " has just been made by another process", e);
    }
    Files.deleteIfExists(unborn);
  }

  /**
   * Unlike a move, a link cannot replace a file made at this moment; not every file system has
   * links.
   */
  private static void link(Path path, Path unborn) throws IOException {
    try {
      Files.createLink(path, unborn);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.move(unborn, path);
    }
  }

  private static FileLock lock(Path path, FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock(0, RingFileLayout.HEADER_ROOM, false);
    if (lock != null) {
      return lock;
    }
    throw new IOException("file " + path + " is being written by another process");
  }

  /** A full disk harms others too. */
  private static void checkRoom(Path path, long length) throws IOException {
    long room = Files.getFileStore(path.toAbsolutePath().getParent()).getUsableSpace();
    if (room < length) {
      throw new IOException(
          "file %s of %,d bytes cannot be made: the disk has room for %,d"
              .formatted(path, length, room));
    }
  }

  /** Writes it in full, so that a full disk is found now and not by a store later. */
  private static void allocate(Path path, FileChannel channel, long length) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK);
    long at = Long.BYTES; // after the first bytes
    try {
      while (at < length) {
        zeros.clear().limit((int) Math.min(BLOCK, length - at));
        at += channel.write(zeros, at);
      }
    } catch (IOException e) {
      throw new IOException(
          "file %s of %,d bytes cannot be made: %s".formatted(path, length, e.getMessage()), e);
    }
  }

  private void writeHeader(BufferConfig buffer, Plan plan) throws IOException {
    file.set(INT, RingFileLayout.VERSION_AT, RingFileLayout.VERSION);
    file.set(INT, RingFileLayout.HEADER_LENGTH_AT, RingFileLayout.HEADER_LENGTH);
    file.set(LONG, RingFileLayout.FILE_LENGTH, plan.length);
    file.set(INT, RingFileLayout.CPUS, buffer.cpus());
    file.set(INT, RingFileLayout.MODE, buffer.mode() == Mode.OVERWRITE ? 0 : 1);
    file.set(INT, RingFileLayout.PAGES, buffer.pages());
    file.set(INT, RingFileLayout.SPARES, plan.spares);
    file.set(INT, RingFileLayout.PAGE_SIZE, buffer.pageSize());
    file.set(LONG, RingFileLayout.CPU_OFFSET, cpuOffset);
    file.set(LONG, RingFileLayout.CPU_BYTES, cpuBytes);
    file.set(LONG, RingFileLayout.METADATA_OFFSET, RingFileLayout.HEADER_ROOM);
    file.set(LONG, RingFileLayout.METADATA_ROOM, metadataRoom);
    Instant now = Instant.now();
    long wall =
        Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000), now.getNano());
    file.set(LONG, RingFileLayout.WALL_OFFSET, wall - now(buffer.clock()));
    file.set(LONG, RingFileLayout.START, wall);
    file.set(LONG, RingFileLayout.PID, ProcessHandle.current().pid());
    text(RingFileLayout.BOOT_ID, bootId(), RingFileLayout.BOOT_ID_LENGTH);
    text(RingFileLayout.CLOCK, bytes(buffer.clock().timeline()), RingFileLayout.CLOCK_LENGTH);
    text(RingFileLayout.NAME, bytes(buffer.name()), RingFileLayout.NAME_LENGTH);
    int from = RingFileLayout.VERSION_AT;
    file.set(
        INT, RingFileLayout.CRC, RingFileLayout.crc(file, from, RingFileLayout.CRC - (long) from));
  }

  /** In nanoseconds, if it can be told in those. */
  private static long now(Clock clock) {
    long now = clock.now();
    return clock.scale().map(scale -> scale.nanos(now)).orElse(now);
  }

  private void text(int at, byte[] bytes, int room) {
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, file, at, Math.min(bytes.length, room));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** 16 bytes that stay the same until the machine restarts; zeros if unknown. */
  private static byte[] bootId() {
    try {
      String id = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
      return HexFormat.of().parseHex(id.strip().replace("-", ""));
    } catch (IOException | IllegalArgumentException e) {
      return new byte[RingFileLayout.BOOT_ID_LENGTH];
    }
  }

  /**
   * Whether a living process, this one included, writes a file.
   *
   * @param path its name
   * @return whether it holds the lock
   * @throws IOException if that cannot be found out
   */
  public static boolean isBeingWritten(Path path) throws IOException {
    if (OwnFiles.contains(path)) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock(0, RingFileLayout.HEADER_ROOM, false)) {
      return lock == null;
    }
  }

  /**
   * Whether this process writes a file, for a ring of the same buffer.
   *
   * @param path its name
   * @param config of another ring
   * @return whether the ring in the file wakes the same
   * @throws IOException if that cannot be found out
   */
  public static boolean isOfSameBuffer(Path path, RingConfig config) throws IOException {
    return OwnFiles.isOf(config.wakeup(), path);
  }

  /**
   * Makes it a file that readers accept: all of its rings are in place.
   *
   * @param owner the rings, which are warned when the file is damaged from outside
   */
  public void publish(PageRing owner) {
    RingFileLayout.setMagicRelease(file);
    ring = owner;
    FileWatch.add(this);
  }

  /** Copies the account; if asked, also checks that the file has its full length. */
  void look(boolean thoroughly) {
    ring.keepAccounts(thoroughly);
    if (!thoroughly) {
      return;
    }
    writeScale();
    try {
      long there = channel.size();
      if (there < file.byteSize()) {
        ring.wiped((int) (Math.max(0, there - cpuOffset) / cpuBytes));
      }
    } catch (IOException e) {
      // closed meanwhile
    }
  }

  // ---- the ring's memory

  @Override
  public MemorySegment get(int cpu, long bytes) {
    return file.asSlice(cpuOffset + cpu * cpuBytes, bytes);
  }

  @Override
  public void giveBack(int cpu, MemorySegment memory) {
    throw new IllegalStateException("the memory of CPU " + cpu + " was requested twice");
  }

  /** Closes the file, which stays. */
  @Override
  public void free() {
    FileWatch.remove(this);
    stopWatching.run();
    synchronized (this) { // a listener that is running would write to memory that is gone
      if (RingFileLayout.MAGIC == file.get(LONG, 0)) {
        RingFileLayout.setStateRelease(file, RingFileLayout.CLOSED);
      }
      closed = true;
      unmap();
      OwnFiles.remove(own);
      try {
        lock.release();
        channel.close();
      } catch (IOException e) {
        Log.warning("file " + path + " was not closed: " + Reason.of(e));
      }
    }
  }

  @Override
  public int durableRings() {
    return rings;
  }

  @Override
  public boolean areKept() {
    return arena == null;
  }

  /**
   * For kept memory, what late writers look at stays as a copy, so that the file can be released.
   */
  private void unmap() {
    if (arena != null) {
      endGuard.run(); // before the addresses are given back
      arena.close();
      return;
    }
    KeptMemory.empty(file.asSlice(0, cpuOffset));
    for (long cpu = cpuOffset; cpu < file.byteSize(); cpu += cpuBytes) {
      KeptMemory.detach(file.asSlice(cpu, wordBytes));
      KeptMemory.empty(file.asSlice(cpu + wordBytes, cpuBytes - wordBytes));
    }
    endGuard.run(); // none of it belongs to the file any more
  }

  // ---- metadata

  /**
   * Writes how the clock's counts become nanoseconds: at the beginning, after a second, and each
   * time the file is twice as old. By then it is measured twice as well, and it is right at the
   * moment when it was measured.
   */
  private void writeScale() {
    long age = System.nanoTime() - begun;
    if (age < nextScale) {
      return;
    }
    nextScale = Math.max(FIRST_SCALE, 2 * age);
    clock.scale().ifPresent(scale -> append(RingFileLayout.SCALE, 0, bytes(scale), metadataRoom));
  }

  private static byte[] bytes(ClockScale scale) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(scale.multiplier())
        .putInt(scale.shift())
        .putLong(scale.offset())
        .array();
  }

  /** Appends what becomes known. */
  private final class FormatLog implements Metadata.Listener {
    @Override
    public void format(EventFormat format) {
      byte[] data = bytes(format.system() + "\0" + format.name() + "\0" + format.text());
      synchronized (RingFileWriter.this) {
        if (formats.add(format.id())) {
          append(RingFileLayout.FORMAT, format.id(), data, metadataRoom);
        }
      }
    }

    @Override
    public void threadName(int pid, String name) {
      long room = pid >= FIRST_VIRTUAL ? metadataRoom / VIRTUAL_SHARE : metadataRoom;
      append(RingFileLayout.THREAD, pid, bytes(name), room);
    }

    @Override
    public void symbol(long address, String name) {
      int id = Symbols.id(address);
      synchronized (RingFileWriter.this) {
        if (symbols.get(id)) {
          return;
        }
        symbols.set(id);
        append(RingFileLayout.SYMBOL, id, bytes(name), metadataRoom - metadataRoom / SYMBOL_REST);
      }
    }
  }

  /** Counts them, and reports the first. */
  private void lost() {
    RingFileLayout.setMetadataLostRelease(file, ++metadataLost);
    if (metadataLost == 1) {
      Log.warning(
          "file %s has no room for more names of methods, threads and event types: metadata = %d"
                  .formatted(path, 4 * (metadataRoom >> 10))
              + " would hold more");
    }
  }

  private synchronized void append(int kind, int id, byte[] data, long room) {
    long size = RingFileLayout.roundUp(RingFileLayout.ENTRY_HEADER + data.length, Long.BYTES);
    if (closed) {
      return;
    }
    if (metadataUsed + size > room) {
      lost();
      return; // events of such a type are shown by their bytes, threads by their number
    }
    long at = RingFileLayout.HEADER_ROOM + metadataUsed;
    MemorySegment.copy(
        MemorySegment.ofArray(data), 0, file, at + RingFileLayout.ENTRY_HEADER, data.length);
    file.set(INT, at + RingFileLayout.ENTRY_LENGTH, data.length);
    file.set(INT, at + RingFileLayout.ENTRY_KIND, kind);
    file.set(INT, at + RingFileLayout.ENTRY_ID, id);
    long from = at + RingFileLayout.ENTRY_KIND;
    int crc = RingFileLayout.crc(file, from, at + size - from);
    file.set(INT, at + RingFileLayout.ENTRY_CRC, crc);
    metadataUsed += size;
    RingFileLayout.setMetadataUsedRelease(file, metadataUsed);
  }
}
