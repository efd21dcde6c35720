package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TscTest {
  private static final Pattern EXECUTABLE = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) r-xp .* 0 *");

  @TempDir Path directory;

  @Test
  void theCounterGoesOnAndItsScaleMakesItMono() {
    Clock clock = Clock.x86Tsc();
    assertSame(clock, Clock.x86Tsc());
    assertEquals("x86-tsc", clock.name());
    assertTrue(Clock.isPlain(clock) && Clock.isPlain(Clock.MONO));
    ClockScale scale = clock.scale().orElseThrow();
    long last = clock.now();
    for (int i = 0; i < 1_000_000; i++) {
      long now = clock.now();
      assertTrue(now >= last, "it went back");
      last = now;
    }
    ClockScale now = clock.scale().orElseThrow();
    long before = System.nanoTime();
    long time = now.nanos(clock.now());
    long after = System.nanoTime();
    assertTrue(time > before - 10_000 && time < after + 10_000, before + " " + time + " " + after);
    double change = (double) Integer.toUnsignedLong(now.multiplier()) / (1L << now.shift());
    double first = (double) Integer.toUnsignedLong(scale.multiplier()) / (1L << scale.shift());
    assertEquals(1, change / first, 5e-6);
  }

  @Test
  @SuppressWarnings("restricted")
  void itsPageCanBeReadAndExecutedAndNotWritten() throws Exception {
    Clock.x86Tsc();
    int found = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      Matcher mapping = EXECUTABLE.matcher(line);
      if (mapping.matches()) {
        long at = Long.parseUnsignedLong(mapping.group(1), 16);
        byte[] begin =
            MemorySegment.ofAddress(at)
                .reinterpret(Tsc.X86_64.length)
                .toArray(ValueLayout.JAVA_BYTE);
        found += Arrays.equals(Tsc.X86_64, begin) ? 1 : 0;
      }
    }
    assertEquals(1, found);
  }

  @Test
  void aCounterThatChangesItsSpeedOrStopsIsRefused() throws Exception {
    Path cpuinfo = directory.resolve("cpuinfo");
    Files.writeString(cpuinfo, "processor\t: 0\nflags\t\t: fpu tsc constant_tsc nonstop_tsc sse\n");
    assertNull(Tsc.lackOfX86(cpuinfo));
    Files.writeString(cpuinfo, "processor\t: 0\nflags\t\t: fpu tsc constant_tsc sse\n");
    assertTrue(Tsc.lackOfX86(cpuinfo).endsWith("/proc/cpuinfo has no nonstop_tsc"));
    Files.writeString(cpuinfo, "processor\t: 0\nflags\t\t: fpu tsc nonstop_tsc_s3 nonstop_tsc\n");
    assertTrue(Tsc.lackOfX86(cpuinfo).endsWith("/proc/cpuinfo has no constant_tsc"));
  }

  private String told(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), TscProgram.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text.strip();
  }

  @Test
  void withoutNativeAccessItIsRefusedInOneLine() throws Exception {
    assertEquals(
        "native access is not granted: start the JVM with --enable-native-access=ALL-UNNAMED",
        told("-Xshare:auto"));
  }

  /** The kernel's own policy (PR_SET_MDWE), in a JVM that already has its own code's memory. */
  @Test
  void whereAPolicyForbidsToMakeAPageExecutableItIsRefusedInOneLine() throws Exception {
    assertEquals(
        "a function of machine code cannot be made here:"
            + " a policy of this system forbids to make a page executable",
        told(
            "--enable-native-access=ALL-UNNAMED",
            "-Xint",
            "-XX:-SegmentedCodeCache",
            "-XX:InitialCodeCacheSize=64m",
            "-XX:ReservedCodeCacheSize=64m",
            "-Ddeny.execute=true"));
  }

  /** A program of the stub's bytes that ends with 42 when the counter has gone on. */
  @Test
  void thatOfAarch64ReadsTheEmulatedCounter() throws Exception {
    int[] code = {
      0x94000008, // bl stub
      0xaa0003f3, // mov x19, x0
      0x94000006, // again: bl stub
      0xeb13001f, // cmp x0, x19
      0x54ffffc9, // b.ls again
      0xd2800540, // mov x0, 42
      0xd2800ba8, // mov x8, 93 (exit)
      0xd4000001, // svc 0
    };
    int header = 64 + 56;
    long base = 0x400000;
    int length = header + code.length * Integer.BYTES + Tsc.AARCH64.length;
    ByteBuffer elf = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    elf.putShort((short) 2).putShort((short) 183).putInt(1); // a program for aarch64
    elf.putLong(base + header).putLong(64).putLong(0).putInt(0);
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    elf.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    elf.putInt(1).putInt(5).putLong(0).putLong(base).putLong(base); // load, read and execute
    elf.putLong(length).putLong(length).putLong(4096);
    for (int word : code) {
      elf.putInt(word);
    }
    elf.put(Tsc.AARCH64);
    Path program = Files.write(directory.resolve("program"), elf.array());
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Process process =
        new ProcessBuilder("qemu-aarch64", "" + program).redirectErrorStream(true).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the counter stands still");
    assertEquals(42, process.exitValue());
  }
}
