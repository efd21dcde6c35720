package org.pagewheel.tck;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** The memory of this process that is there or swapped out, not only promised. */
final class ResidentMemory {
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) .*");
  private static final Pattern RESIDENT = Pattern.compile("(?:Rss|Swap): +(\\d+) kB");
  private static final Pattern ADDRESS = Pattern.compile("0x([0-9a-f]{8,16})");

  private ResidentMemory() {}

  /**
   * The bytes of all mappings, files too, but those of the Java heap: how much of that is there
   * depends on the garbage, and on whether it was collected.
   */
  static long outsideTheHeap() throws IOException, JMException {
    long heapBegin = Long.MAX_VALUE;
    long heapEnd = 0;
    Matcher addresses = ADDRESS.matcher(heapInfo());
    while (addresses.find()) {
      long address = Long.parseUnsignedLong(addresses.group(1), 16);
      heapBegin = Math.min(heapBegin, address);
      heapEnd = Math.max(heapEnd, address);
    }
    long bytes = 0;
    boolean counts = false;
    for (String line : Files.readAllLines(MAPPINGS)) {
      Matcher mapping = MAPPING.matcher(line);
      Matcher resident = RESIDENT.matcher(line);
      if (mapping.matches()) {
        long begin = Long.parseUnsignedLong(mapping.group(1), 16);
        long end = Long.parseUnsignedLong(mapping.group(2), 16);
        boolean heap = begin < heapEnd && end > heapBegin || line.contains("java_heap");
        counts = !heap;
      } else if (counts && resident.matches()) {
        bytes += Long.parseLong(resident.group(1)) << 10;
      }
    }
    return bytes;
  }

  /** What HotSpot says of its heap, with its addresses. */
  private static String heapInfo() throws JMException {
    return (String)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcHeapInfo",
                null,
                null);
  }
}
