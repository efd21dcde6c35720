package org.pagewheel.tracedat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.pagewheel.spi.FileKind;

/**
 * The words and numbers of a trace.dat file. Numbers are in the file's own byte order.
 *
 * <pre>
 *  both versions                      version 6, one unbroken run             version 7
 *  +--+-------+---+-+-+----------+    +-------------------------------+       +------------------+
 *  |17|tracing|6 0|E|L|page size |    | headers, ftrace, events,      |       | name 0 version 0 |
 *  |08|       |7 0| | |   u32    |    | kallsyms, printk, names       |       | of the compressor|
 *  |44|       |   | | |          |    | u32 CPUs                      |       | u64 offset of    |
 *  +--+-------+---+-+-+----------+    | "options  " options u16 0     |       | the options      |
 *  0  3       10  12 13 14      18    | "flyrecord" table, clock      |       +------------------+
 *   E  1 = big endian                 | the same for each instance    |       | sections …       |
 *   L  size of a long, 4 or 8         | zeros, pages of each CPU      |       +------------------+
 *                                     +-------------------------------+
 *
 *  section of version 7                             option                       table entry, v6
 *  +------+-------+-------------+----------+---+    +------+----------+------+   +--------+------+
 *  |id u16|flg u16|name at (u32)|size (u64)| … |    |id u16|size (u32)|data …|   |offset  |size  |
 *  +------+-------+-------------+----------+---+    +------+----------+------+   |u64     |u64   |
 *  0      2       4             8          16       0      2          6          +--------+------+
 *
 *  option BUFFER, version 6:  u64 offset of "flyrecord", name 0
 *  option BUFFER, version 7:  u64 offset of the section, name 0, clock 0, u32 page size, u32 CPUs,
 *                             for each CPU with data: u32 CPU, u64 offset, u64 size
 *  option DONE, version 7:    u64 offset of the next section of options, or 0
 *  compressed section:        u32 size here, u32 plain size, data
 *  compressed CPU:            u32 chunks, for each: u32 size here, u32 plain size, data;
 *                             the size in the table does not count the first four bytes
 * </pre>
 *
 * <p>Source: trace-cmd.dat(5), versions 6 and 7.
 */
final class FileLayout {
  static final byte[] MAGIC = FileKind.TRACE.begin();

  static final String HEADER_PAGE = "header_page";
  static final String HEADER_EVENT = "header_event";

  /**
   * The three words that may follow the number of CPUs; each takes {@link #TAG_SIZE} with its NUL.
   */
  static final String TAG_OPTIONS = "options  ";

  static final String TAG_FLYRECORD = "flyrecord";
  static final String TAG_LATENCY = "latency  ";
  static final int TAG_SIZE = 10;

  static final int TABLE_ENTRY_SIZE = 16;
  static final int SECTION_HEADER_SIZE = 16;
  static final int OPTION_HEADER_SIZE = 6;
  static final int SECTION_COMPRESSED = 1;

  /** The description of a section without one. */
  static final int NO_STRING = -1;

  /** Ends the options; in version 7 also the number of the sections that hold options. */
  static final int DONE = 0;

  static final int BUFFER = 3;
  static final int CPU_COUNT = 8;
  static final int STRINGS = 15;
  static final int HEADERS = 16;
  static final int FTRACE = 17;
  static final int EVENTS = 18;
  static final int KALLSYMS = 19;
  static final int PRINTK = 20;
  static final int COMMANDS = 21;

  /** The names that {@code trace-cmd dump} gives the sections. */
  static final Map<Integer, String> SECTION_NAMES =
      Map.of(
          DONE, "options",
          BUFFER, "buffer flyrecord ",
          STRINGS, "strings",
          HEADERS, "headers",
          FTRACE, "ftrace events",
          EVENTS, "events format",
          KALLSYMS, "kallsyms",
          PRINTK, "printk",
          COMMANDS, "command lines");

  /** The text of {@code events/header_event}, of every kernel since 2009. */
  static final String HEADER_EVENT_TEXT =
      """
      # compressed entry header
      \ttype_len    :    5 bits
      \ttime_delta  :   27 bits
      \tarray       :   32 bits

      \tpadding     : type == 29
      \ttime_extend : type == 30
      \ttime_stamp : type == 31
      \tdata max type_len  == 28
      """;

  private FileLayout() {}

  /** The text of {@code events/header_page} for a commit word and a page of these sizes. */
  static String headerPageText(int longSize, int pageSize) {
    int data = Long.BYTES + longSize;
    return "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
        + ("\tfield: local_t commit;\toffset:8;\tsize:" + longSize + ";\tsigned:1;\n")
        + "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
        + ("\tfield: char data;\toffset:" + data + ";\tsize:" + (pageSize - data))
        + ";\tsigned:0;\n";
  }

  /**
   * The number of CPUs in an option {@link #CPU_COUNT}, or −1 if it holds none: other tools have
   * used the number 8 for something else, and what they wrote stays in the file.
   */
  static int cpuCount(byte[] option, ByteOrder order) {
    if (option.length != Integer.BYTES) {
      return -1;
    }
    int count = ByteBuffer.wrap(option).order(order).getInt();
    return count > TraceBuffer.MAX_CPUS ? -1 : count;
  }

  /** Bytes of a word with its NUL. */
  static byte[] terminated(String word) {
    return (word + "\0").getBytes(StandardCharsets.UTF_8);
  }
}
