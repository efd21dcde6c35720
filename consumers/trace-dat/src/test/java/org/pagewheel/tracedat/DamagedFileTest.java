package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.format.PageCursor;

/**
 * Whatever the bytes of a file are, reading it ends in good time and memory, with what is there or
 * one clear exception.
 */
class DamagedFileTest {
  private static final int MUTATIONS = 1_500;
  private static final long SEED = 20_261_122;

  /** Per file, all that reading it may allocate; the budget of the reader is 128 MiB. */
  private static final long MAX_ALLOCATED = 300L << 20;

  /** The section of names takes so much at the end of the files of version 7. */
  private static final int STRINGS = 116;

  @TempDir Path directory;

  /** Reads all there is; returns how many events, or −1 if the file was refused with a message. */
  private long read(Path path) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
    try {
      return events(path);
    } catch (IOException e) {
      assertFalse(e.getMessage().isBlank());
      assertFalse(e.getMessage().contains("\n"), e.getMessage());
      return -1;
    } finally {
      long used = threads.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before;
      assertTrue(used < MAX_ALLOCATED, used + " bytes allocated");
    }
  }

  private static long events(Path path) throws IOException {
    long events = 0;
    try (TraceFile file = TraceFile.open(path)) {
      EventText text = new EventText(file.metadata().formats(), file.metadata().pageFormat());
      file.metadata().threadNames();
      file.metadata().clock();
      for (int buffer = 0; buffer < file.buffers().size(); buffer++) {
        for (int cpu = 0; cpu < file.buffers().get(buffer).cpus(); cpu++) {
          PageStream pages = file.pages(buffer, cpu);
          PageCursor cursor = new PageCursor(pages.format());
          for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
            cursor.reset(page);
            while (cursor.next()) {
              text.text(page, cursor.payloadOffset(), cursor.payloadLength());
              events++;
            }
          }
        }
      }
    }
    return events;
  }

  private static void mutate(byte[] bytes, Random random) {
    int at = random.nextInt(10) < 7 ? random.nextInt(Math.min(bytes.length, 2000)) : -1;
    at = at < 0 ? random.nextInt(bytes.length) : at;
    int length = Math.min(bytes.length - at, 1 << random.nextInt(5));
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> Arrays.fill(bytes, at, at + length, (byte) 0);
      case 2 -> Arrays.fill(bytes, at, at + length, (byte) 0xff);
      case 3 -> {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, at, length);
      }
      case 4 -> System.arraycopy(bytes, random.nextInt(bytes.length - length), bytes, at, length);
      default -> {
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int word = Math.min(at, bytes.length - 8);
        words.putLong(word, words.getLong(word) + random.nextInt(-5000, 5000));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "golden/golden.v6.dat",
        "golden/golden.v7.dat",
        "kernel/boot.dat",
        "kernel/counter.dat",
        "kernel/tsc.dat"
      })
  void mutationsEndInEventsOrOneClearMessage(String name) throws Exception {
    Path original = TraceCmd.resource(directory, name);
    byte[] sound = Files.readAllBytes(original);
    long all = events(original);
    Random random = new Random(SEED);
    Path file = directory.resolve("mutated.dat");
    Assertions.assertTimeout(
        Duration.ofMinutes(3),
        () -> {
          int refused = 0;
          for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = sound.clone();
            for (int many = random.nextInt(3); many >= 0; many--) {
              mutate(bytes, random);
            }
            Files.write(file, bytes);
            refused += read(file) < 0 ? 1 : 0;
          }
          assertTrue(refused > MUTATIONS / 20, refused + " refused");
          assertTrue(refused < MUTATIONS, refused + " refused");
        });
    assertEquals(all, events(original));
  }

  @ParameterizedTest
  @ValueSource(strings = {"golden/golden.v6.dat", "golden/golden.v7.dat", "kernel/boot.dat"})
  void aFileCutAnywhereIsToldToBeCut(String name) throws Exception {
    byte[] sound = Files.readAllBytes(TraceCmd.resource(directory, name));
    Path file = directory.resolve("cut.dat");
    Files.write(file, sound);
    long all = read(file);
    int step = sound.length > 10_000 ? 7 : 1;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int length = sound.length - step; length >= 0; length -= step) {
        channel.truncate(length);
        long events = read(file);
        boolean told = events < 0 || isNothingMissing(sound, length);
        assertTrue(told && events <= all, "cut at " + length + ": " + events);
      }
    }
  }

  /** Zeros behind the last page's events, and names of sections, are no loss. */
  private static boolean isNothingMissing(byte[] sound, int length) {
    for (int i = length; i < sound.length; i++) {
      if (sound[i] != 0) {
        return sound.length - length <= STRINGS;
      }
    }
    return true;
  }

  @Test
  void whatIsNoTraceFileIsToldSo() throws Exception {
    Path file = directory.resolve("no.dat");
    Files.write(file, new byte[0]);
    assertMessage(file, "not a trace.dat file");
    Files.write(file, new byte[100_000]);
    assertMessage(file, "not a trace.dat file");
    assertMessage(directory, "is not a regular file");
    assertMessage(Path.of("/dev/zero"), "is not a regular file");
    Files.writeString(file, "\u0017\bDtracing8\0\0\b");
    assertMessage(file, "version '8' is neither 6 nor 7");
    Files.writeString(file, "\u0017\bDtracing6\n\u001b[2J\0\0\b");
    assertMessage(file, "version '6??[2J' is neither 6 nor 7");
    assertThrows(IOException.class, () -> TraceFile.open(directory.resolve("none.dat")));
  }

  private static void assertMessage(Path file, String message) {
    IOException refused = assertThrows(IOException.class, () -> TraceFile.open(file));
    assertTrue(refused.getMessage().startsWith(file.toString()), refused.getMessage());
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  /** Changes a number in the golden file of version 6, and reads it. */
  private String forged(int at, int size, long value) throws IOException {
    byte[] bytes = Files.readAllBytes(TraceCmd.resource(directory, "golden/golden.v6.dat"));
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (size == Long.BYTES) {
      words.putLong(at, value);
    } else {
      words.putInt(at, (int) value);
    }
    Path file = directory.resolve("forged.dat");
    Files.write(file, bytes);
    IOException refused = assertThrows(IOException.class, () -> events(file));
    return refused.getMessage();
  }

  @Test
  void forgedNumbersAreNamedWithTheirPlace() throws Exception {
    byte[] bytes = Files.readAllBytes(TraceCmd.resource(directory, "golden/golden.v6.dat"));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int cpus = text.indexOf("options  ") - 4;
    int table = text.indexOf("flyrecord") + 10;
    List<String> messages =
        List.of(
            forged(14, 4, 1000),
            forged(14, 4, -1),
            forged(30, 8, Long.MAX_VALUE),
            forged(30, 8, -1),
            forged(cpus, 4, 1_000_000),
            forged(table, 8, -4096),
            forged(table, 8, 0),
            forged(table + 8, 8, Long.MAX_VALUE),
            forged(table + 8, 8, 1L << 40));
    List<String> wanted =
        List.of(
            "page size 1000",
            "page size 2147483647",
            "the page's description of 9223372036854775807 bytes does not fit",
            "the page's description of 18446744073709551615 bytes does not fit",
            "1000000 CPUs are more than 65536",
            "the data of CPU 0 cannot lie at",
            "overlaps",
            "the data of CPU 0 cannot lie at 4096",
            "the file ends within the data of CPU 0");
    for (int i = 0; i < wanted.size(); i++) {
      assertTrue(messages.get(i).contains(wanted.get(i)), messages.get(i));
      assertTrue(messages.get(i).contains("forged.dat, offset "), messages.get(i));
    }
  }

  @Test
  void optionsThatGoRoundInACircleEnd() throws Exception {
    byte[] bytes = Files.readAllBytes(TraceCmd.resource(directory, "golden/golden.v7.dat"));
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int options = (int) words.getLong(24);
    int size = (int) words.getLong(options + 8);
    words.putLong(options + 16 + size - 8, options);
    Path file = directory.resolve("circle.dat");
    Files.write(file, bytes);
    assertMessage(file, "form a circle");
  }

  @Test
  void aHugeFileOfHolesIsOpenedAtOnce() throws Exception {
    Path file = directory.resolve("huge.dat");
    long region = 3L << 30;
    TraceBuffer buffer = TickPage.buffer("", 4096, 3);
    try (LiveTraceFile live =
        LiveTraceFile.create(
            file, TickPage.metadata(4096), buffer, new long[] {region, region, region}, 0)) {
      live.write(2, TickPage.page(4096, 100, 0, 42), 0);
    }
    assertTrue(Files.size(file) > 3 * region);
    try (TraceFile trace = TraceFile.open(file)) {
      assertEquals(42, trace.pages(0, 2).next().get(ValueLayout.JAVA_INT, 28));
    }
  }
}
