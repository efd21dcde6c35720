package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;

/** Buffers as monitors see them, without a consumer of statistics. */
@Timeout(120)
class BufferBeansTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  @TempDir Path directory;

  private Pagewheel start(String... more) {
    Map<String, String> said = new HashMap<>();
    said.put("pagewheel.buffers.main.backend", "heap");
    said.put("pagewheel.buffers.main.mode", "overwrite");
    said.put("pagewheel.buffers.main.pages", "16");
    said.put("pagewheel.snapshots.directory", directory.toString());
    for (String each : more) {
      said.put(each.split("=")[0], each.split("=")[1]);
    }
    return Pagewheel.start(said);
  }

  /** Registered soon after. */
  private static ObjectName bean(String name) throws Exception {
    ObjectName bean = new ObjectName("org.pagewheel:type=Buffer,name=" + name);
    while (!SERVER.isRegistered(bean)) {
      Thread.sleep(5); // the time limit is that of the test
    }
    return bean;
  }

  private static void call(ObjectName bean, String operation) throws Exception {
    SERVER.invoke(bean, operation, null, null);
  }

  private static void swap(ObjectName bean, String backend, String settings) throws Exception {
    String text = String.class.getName();
    SERVER.invoke(bean, "swap", new Object[] {backend, settings}, new String[] {text, text});
  }

  @Test
  void eachNumberIsAnAttribute() throws Exception {
    try (Pagewheel pagewheel = start()) {
      Buffer main = pagewheel.buffers().get("main");
      main.mark("one");
      main.mark("two");
      ObjectName bean = bean("main");
      assertEquals(2L, SERVER.getAttribute(bean, "Written"));
      assertEquals(2L, SERVER.getAttribute(bean, "Unread"));
      assertEquals(0L, SERVER.getAttribute(bean, "CommitOverrun"));
      assertEquals(16, SERVER.getAttribute(bean, "Pages"));
      assertEquals("heap", SERVER.getAttribute(bean, "Backend"));
      assertEquals("overwrite", SERVER.getAttribute(bean, "Mode"));
      assertEquals("mono", SERVER.getAttribute(bean, "Clock"));
      assertNull(SERVER.getAttribute(bean, "Problem"));
      String[] all =
          Arrays.stream(SERVER.getMBeanInfo(bean).getAttributes())
              .map(attribute -> attribute.getName())
              .toArray(String[]::new);
      assertEquals(all.length, SERVER.getAttributes(bean, all).size());
      assertThrows(AttributeNotFoundException.class, () -> SERVER.getAttribute(bean, "Size"));
    }
  }

  @Test
  void itIsTurnedOffAndOn() throws Exception {
    try (Pagewheel pagewheel = start()) {
      ObjectName bean = bean("main");
      assertEquals(true, SERVER.getAttribute(bean, "On"));
      assertNull(SERVER.getAttribute(bean, "OffReason"));
      call(bean, "off");
      assertFalse(pagewheel.buffers().get("main").isOn());
      assertEquals(false, SERVER.getAttribute(bean, "On"));
      String reason = (String) SERVER.getAttribute(bean, "OffReason");
      assertTrue(reason.startsWith("off by JMX since "), reason);
      call(bean, "on");
      assertTrue(pagewheel.buffers().get("main").isOn());
    }
  }

  @Test
  void snapshotsAndSwaps() throws Exception {
    try (Pagewheel pagewheel = start()) {
      Buffer main = pagewheel.buffers().get("main");
      main.mark("kept");
      ObjectName bean = bean("main");
      Path file = Path.of((String) SERVER.invoke(bean, "snapshot", null, null));
      assertTrue(Files.size(file) > 0);
      assertEquals(directory.toRealPath(), file.getParent().toRealPath());
      swap(bean, "lockfree", "pages=32 spares=4");
      BufferConfig config = main.config();
      assertEquals(List.of("lockfree", 32), List.of(config.backend(), config.pages()));
      assertEquals(Map.of("spares", "4"), config.settings());
      swap(bean, "heap", null);
      assertEquals(List.of("heap", 32), List.of(main.config().backend(), main.config().pages()));
    }
  }

  @Test
  void whatFailsSaysWhyInWordsOfTheJdk() throws Exception {
    try (Pagewheel pagewheel = start()) {
      ObjectName bean = bean("main");
      assertRefused(
          bean, "nope", "", "there is no backend nope: there are heap, lockfree, offheap");
      assertRefused(bean, "heap", "pages", "pages: KEY=VALUE is right, such as pages=64");
      assertRefused(bean, "heap", "on=false", "on is of the buffer, not of its ring");
      assertThrows(ReflectionException.class, () -> call(bean, "swap"));
      assertThrows(ReflectionException.class, () -> call(bean, "destroy"));
      assertEquals("heap", pagewheel.buffers().get("main").config().backend());
    }
  }

  private static void assertRefused(ObjectName bean, String backend, String settings, String part) {
    Exception e = assertThrows(MBeanException.class, () -> swap(bean, backend, settings));
    assertTrue(e.getMessage().contains(part), e::getMessage);
    assertTrue(e.getCause().getClass().getName().startsWith("java."), e::toString);
  }

  @Test
  void twoInOneProcessAndNoneAfterwards() throws Exception {
    ObjectName first;
    ObjectName second;
    ObjectName other;
    try (Pagewheel one = start()) {
      first = bean("main");
      try (Pagewheel two = start()) {
        second = bean("main,instance=2");
        two.buffers().get("main").mark("of the second");
        assertEquals(0L, SERVER.getAttribute(first, "Written"));
        assertEquals(1L, SERVER.getAttribute(second, "Written"));
      }
      assertFalse(SERVER.isRegistered(second));
      one.buffers().create(BufferConfig.builder("other", "heap").build());
      other = bean("other");
      one.buffers().destroy("other");
      assertFalse(SERVER.isRegistered(other));
    }
    assertFalse(SERVER.isRegistered(first));
  }

  @Test
  void theyCanBeTurnedOff() throws Exception {
    try (Pagewheel hidden = start("pagewheel.jmx.enabled=false");
        Pagewheel shown = start()) {
      bean("main");
      assertTrue(hidden.buffers().get("main").isOn());
      assertEquals(
          1, SERVER.queryNames(new ObjectName("org.pagewheel:type=Buffer,*"), null).size());
      assertTrue(shown.buffers().get("main").isOn());
    }
  }
}
