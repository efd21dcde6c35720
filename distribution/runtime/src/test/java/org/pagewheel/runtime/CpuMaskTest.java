package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.CpuNumber;
import org.pagewheel.Pause;
import org.pagewheel.spi.CpuList;

/** A buffer records on the CPUs that were chosen. */
class CpuMaskTest {
  private static final int CPUS = 8;

  @TempDir Path directory;

  private final AtomicInteger cpu = new AtomicInteger();

  private static BitSet cpus(String list) {
    return CpuList.of("cpus", list, CPUS);
  }

  /** Of a CPU number that the test sets, or of the system's. */
  private Buffer open(Pagewheel pagewheel, String backend, boolean isSet) throws Exception {
    BufferConfig config = BufferConfig.of("x", backend);
    CpuNumber number = isSet ? cpu::get : config.cpuNumber();
    return pagewheel.buffers().create(config.withClock(CPUS, config.clock(), number));
  }

  private void check(Buffer buffer, String recorded) {
    BitSet on = recorded.isEmpty() ? new BitSet() : cpus(recorded);
    for (int i = 0; i < CPUS; i++) {
      cpu.set(i);
      assertEquals(on.get(i), buffer.write(new byte[8]), "CPU " + i + " of " + recorded);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lockfree", "offheap"})
  void theMaskAndSwitchesAndPausesCompose(String backend) throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start(Map.of())) {
      Buffer buffer = open(pagewheel, backend, true);
      check(buffer, "all");
      buffer.recordOn(cpus("0-2,5"));
      check(buffer, "0-2,5");
      assertEquals("0-2,5", CpuList.text(buffer.recordedCpus()));
      Pause pause = buffer.pause("a test");
      check(buffer, "");
      buffer.recordOn(5, false);
      buffer.recordOn(7, true);
      check(buffer, "");
      pause.close();
      check(buffer, "0-2,7");
      buffer.off();
      buffer.on();
      check(buffer, "0-2,7");
      pagewheel.administration().replace(buffer.config().withPages(16, 8192));
      check(buffer, "0-2,7");
      buffer.clear();
      check(buffer, "0-2,7");
      assertEquals(4, buffer.counters().written());
      assertEquals(4, buffer.counters().disabled());
      buffer.recordOn(new BitSet());
      assertFalse(buffer.isOn());
      assertEquals("off on every CPU", buffer.offReason().orElseThrow());
      check(buffer, "");
      buffer.recordOn(cpus("all"));
      assertTrue(buffer.isOn());
      check(buffer, "all");
    }
  }

  /** With the usual clock and CPU numbers rings take the shortest way. */
  @ParameterizedTest
  @ValueSource(strings = {"heap", "lockfree", "offheap"})
  void onTheUsualWayNoEventIsOnAnotherCpu(String backend) throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start(Map.of())) {
      Buffer buffer = open(pagewheel, backend, false);
      assertTrue(buffer.write(new byte[8]));
      buffer.clear();
      buffer.recordOn(cpus("0"));
      int written = 0;
      for (int i = 0; i < 1000; i++) {
        written += buffer.write(new byte[8]) ? 1 : 0;
        if (i % 100 == 0) {
          Thread.yield(); // perhaps to another CPU
        }
      }
      buffer.recordOn(new BitSet());
      assertFalse(buffer.write(new byte[8]));
      assertEquals(written, buffer.counters(0).written());
      assertEquals(written, buffer.counters().written());
      assertEquals(1001 - written, buffer.counters().disabled());
    }
  }

  @Test
  void wrongCpusAreRefusedAndChangeNothing() throws Exception {
    try (Pagewheel pagewheel = Pagewheel.start(Map.of())) {
      Buffer buffer = open(pagewheel, "heap", true);
      buffer.recordOn(cpus("1"));
      BitSet many = new BitSet();
      many.set(1, CPUS + 1);
      assertThrows(IllegalArgumentException.class, () -> buffer.recordOn(many));
      assertThrows(IllegalArgumentException.class, () -> buffer.recordOn(CPUS, true));
      assertThrows(IllegalArgumentException.class, () -> buffer.recordOn(-1, true));
      check(buffer, "1");
      buffer.recordedCpus().set(2);
      check(buffer, "1");
    }
  }

  @Test
  void theConfigurationHasAMaskAndChangesIt() throws Exception {
    Path file = directory.resolve("x.conf");
    String text = "pagewheel.buffers.x { cpus = 8, cpu-mask = \"%s\" }";
    Files.writeString(file, text.formatted("0-3"));
    try (Pagewheel pagewheel = Pagewheel.start(Optional.of(file), Map.of())) {
      Buffer buffer = pagewheel.buffers().get("x");
      assertEquals("0-3", CpuList.text(buffer.recordedCpus()));
      Files.writeString(file, text.formatted("2,7"));
      assertEquals(
          "[buffer x: records on CPUs 2,7]", pagewheel.administration().reload().toString());
      assertEquals("2,7", CpuList.text(buffer.recordedCpus()));
      Files.writeString(file, text.formatted("2,9"));
      ConfigurationException wrong =
          assertThrows(ConfigurationException.class, () -> pagewheel.administration().reload());
      assertTrue(wrong.getMessage().contains("no CPU 9, the CPUs are 0 to 7"), wrong::getMessage);
    }
  }

  /** All or nothing: also what was changed before the part that cannot be. */
  @Test
  void aReloadThatFailsLaterTakesTheMaskBack() throws Exception {
    Path file = directory.resolve("x.conf");
    Files.writeString(file, "pagewheel.buffers.x { cpus = 8, cpu-mask = \"0-3\" }");
    try (Pagewheel pagewheel = Pagewheel.start(Optional.of(file), Map.of())) {
      Buffer buffer = pagewheel.buffers().get("x");
      for (String mask : new String[] {"2,7", "all"}) {
        Files.writeString(
            file,
            "pagewheel.buffers.x { cpus = 8, cpu-mask = \"%s\", consumers.s { type = splice } }"
                .formatted(mask));
        assertThrows(Exception.class, () -> pagewheel.administration().reload());
        assertEquals("0-3", CpuList.text(buffer.recordedCpus()), mask);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3-1", "x", "1,", "-1", "1-", "8"})
  void listsThatAreNoneAreRefused(String list) {
    assertThrows(IllegalArgumentException.class, () -> cpus(list));
  }
}
