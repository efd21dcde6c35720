package org.pagewheel.ringfile;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.pagewheel.spi.FileKind;

/**
 * The layout of a ring's file. All numbers are little endian.
 *
 * <pre>
 *  byte 0  +-----------------------------------------------------------------+
 *          | magic "PAGEWHL\n"; "PAGEWHL-" until all else is there            |
 *       8  | version u32             | length of this header u32             |
 *      16  | length of the file u64                                          |
 *      24  | CPUs u32                | mode u32: 0 overwrite, 1 discard      |
 *      32  | pages per CPU u32       | spare pages per CPU u32               |
 *      40  | bytes per page u32      | 0                                     |
 *      48  | offset of CPU 0 u64                                             |
 *      56  | bytes per CPU u64                                               |
 *      64  | offset of the metadata u64                                      |
 *      72  | room for metadata u64                                           |
 *      80  | wall clock minus the ring's clock, in ns, at the start, s64     |
 *      88  | start, ns since 1970, s64                                       |
 *      96  | process id u64                                                  |
 *     104  | boot id, 16 bytes                                               |
 *     120  | name of the clock, 40 bytes, filled up with NUL                 |
 *     160  | name of the buffer, 64 bytes, filled up with NUL                |
 *     224  | CRC-32C of the bytes 8 to 223, u32     | 0                      |
 *          +-----------------------------------------------------------------+
 *     256  | bytes of metadata written u64                   changes         |
 *     264  | state u64: 0 being written or killed, 1 closed  once            |
 *     272  | entries for which there was no room u64         changes         |
 *          +-----------------------------------------------------------------+
 *    4096  | metadata: entries one after another                             |
 *          |   +--------------------+--------------+------------+---------+  |
 *          |   | length of data u32 | CRC-32C u32  | kind u32   | id s32  |  |
 *          |   +--------------------+--------------+------------+---------+  |
 *          |   | data, filled up with zeros to a multiple of 8            |  |
 *          |   |   kind 1, an event type: system NUL name NUL format text |  |
 *          |   |   kind 2, a thread: its name                             |  |
 *          |   |   kind 3, a symbol: its name; its address follows from id|  |
 *          |   |   kind 4, how counts of the clock become ns of mono, the  |  |
 *          |   |     last one best: multiplier u32 shift u32 offset s64    |  |
 *          |   +----------------------------------------------------------+  |
 *          +--------- at a multiple of 4096 ---------------------------------+
 *          | the ring of CPU 0                 org.pagewheel.ring.RingLayout |
 *          | the ring of CPU 1 …                                             |
 *          +-----------------------------------------------------------------+
 * </pre>
 *
 * <p>A reader checks the version first. A later release with the same version number may have a
 * longer header; a reader ignores what follows the length that it knows.
 */
public final class RingFileLayout {
  /** The first 8 bytes. */
  public static final long MAGIC = FileKind.RING.number();

  /** The first 8 bytes until everything else is written. */
  static final long UNFINISHED = FileKind.UNFINISHED_RING.number();

  /** The version that this class describes. */
  public static final int VERSION = 2;

  /** The length of the header that this class describes, without the live words. */
  public static final int HEADER_LENGTH = 228;

  static final int VERSION_AT = 8;
  static final int HEADER_LENGTH_AT = 12;
  static final int FILE_LENGTH = 16;
  static final int CPUS = 24;
  static final int MODE = 28;
  static final int PAGES = 32;
  static final int SPARES = 36;
  static final int PAGE_SIZE = 40;
  static final int CPU_OFFSET = 48;
  static final int CPU_BYTES = 56;
  static final int METADATA_OFFSET = 64;
  static final int METADATA_ROOM = 72;
  static final int WALL_OFFSET = 80;
  static final int START = 88;
  static final int PID = 96;
  static final int BOOT_ID = 104;
  static final int BOOT_ID_LENGTH = 16;
  static final int CLOCK = 120;
  static final int CLOCK_LENGTH = 40;
  static final int NAME = 160;
  static final int NAME_LENGTH = 64;
  static final int CRC = 224;
  static final int METADATA_USED = 256;
  static final int STATE = 264;
  static final int METADATA_LOST = 272;

  /** Bytes before the metadata. */
  public static final int HEADER_ROOM = 4096;

  static final long CLOSED = 1;

  static final int ENTRY_LENGTH = 0;
  static final int ENTRY_CRC = 4;
  static final int ENTRY_KIND = 8;
  static final int ENTRY_ID = 12;
  static final int ENTRY_HEADER = 16;
  static final int FORMAT = 1;
  static final int THREAD = 2;
  static final int SYMBOL = 3;
  static final int SCALE = 4;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LIVE_LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private RingFileLayout() {}

  /** Pairs with {@link #getMetadataUsedAcquire}: the entries are written before their number. */
  static void setMetadataUsedRelease(MemorySegment file, long used) {
    LIVE_LONG.setRelease(file, (long) METADATA_USED, used);
  }

  /** Pairs with {@link #setMetadataUsedRelease}. */
  static long getMetadataUsedAcquire(MemorySegment file) {
    return (long) LIVE_LONG.getAcquire(file, (long) METADATA_USED);
  }

  /** Pairs with {@link #getMetadataLostAcquire}. */
  static void setMetadataLostRelease(MemorySegment file, long lost) {
    LIVE_LONG.setRelease(file, (long) METADATA_LOST, lost);
  }

  /** Pairs with {@link #setMetadataLostRelease}. */
  static long getMetadataLostAcquire(MemorySegment file) {
    return (long) LIVE_LONG.getAcquire(file, (long) METADATA_LOST);
  }

  /** Pairs with {@link #getStateAcquire}. */
  static void setStateRelease(MemorySegment file, long state) {
    LIVE_LONG.setRelease(file, (long) STATE, state);
  }

  /** Pairs with {@link #setStateRelease}. */
  static long getStateAcquire(MemorySegment file) {
    return (long) LIVE_LONG.getAcquire(file, (long) STATE);
  }

  /** The last store to a new header; pairs with the reader's check of the magic. */
  static void setMagicRelease(MemorySegment file) {
    LIVE_LONG.setRelease(file, 0L, MAGIC);
  }

  static int crc(MemorySegment memory, long from, long length) {
    CRC32C crc = new CRC32C();
    byte[] bytes = memory.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
    crc.update(ByteBuffer.wrap(bytes));
    return (int) crc.getValue();
  }

  static long roundUp(long bytes, int unit) {
    return Math.ceilDiv(bytes, (long) unit) * unit;
  }
}
