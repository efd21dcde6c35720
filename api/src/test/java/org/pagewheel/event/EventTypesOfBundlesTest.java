package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.ref.WeakReference;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.event.internal.EventFields;

/** Records of other class loaders and modules, as in a container. */
class EventTypesOfBundlesTest {
  /** Writes an event and answers with its type's id; everything about the event is private. */
  private static final String SHOP =
      """
      package org.example.shop;

      import java.util.function.ToIntFunction;
      import org.pagewheel.Buffer;
      import org.pagewheel.event.EventType;

      public final class Shop implements ToIntFunction<Buffer> {
        private enum Side { BUY, SELL }

        private record Sold(long id, Side side, COMPONENT) {}

        private record Other(int a) {}

        private static final EventType<Sold> SOLD = EventType.of("SYSTEM", Sold.class);
        private static final EventType<Other> OTHER = EventType.of("SYSTEM", Other.class);

        @Override
        public int applyAsInt(Buffer buffer) {
          boolean both = SOLD.record(buffer, new Sold(17, Side.SELL, VALUE))
              && OTHER.record(buffer, new Other(1));
          return both ? SOLD.format().id() : -1;
        }
      }
      """;

  @TempDir Path directory;

  private final PageBuffer buffer = PageBuffer.of(4);

  @AfterEach
  void close() {
    buffer.close();
  }

  private CompiledClasses shop(String version, String system, String component, String value)
      throws Exception {
    String source =
        SHOP.replace("SYSTEM", system).replace("COMPONENT", component).replace("VALUE", value);
    return CompiledClasses.of(directory.resolve(version), "org/example/shop/Shop.java", source);
  }

  @SuppressWarnings("unchecked")
  private static ToIntFunction<Buffer> start(ClassLoader bundle) throws Exception {
    return (ToIntFunction<Buffer>)
        bundle.loadClass("org.example.shop.Shop").getDeclaredConstructor().newInstance();
  }

  @Test
  void aPrivateRecordOfAnotherLoaderIsAnEvent() throws Exception {
    CompiledClasses shop = shop("1", "bundle", "String venue", "\"XETRA\"");
    try (URLClassLoader bundle = shop.loader(getClass().getClassLoader())) {
      int id = start(bundle).applyAsInt(buffer);
      assertTrue(id >= 30_000);
      assertEquals(2, buffer.pageRing().events().size());
      assertEquals(17, buffer.pageRing().events().getFirst().get(EventFields.LONG, 8));
      List<EventFormat> formats = Metadata.process().formats();
      List<String> report =
          TinyTraceFile.report(
              formats.stream().filter(format -> format.system().equals("bundle")).toList(),
              Metadata.process().threadNames(),
              buffer.pageRing());
      assertTrue(report.getFirst().endsWith("id=17 side=SELL venue=XETRA"), report::toString);
    }
  }

  /** A bundle that imports what an application names itself, the packages of the two types. */
  private static final class Imports extends ClassLoader {
    private static final Set<String> PACKAGES =
        Set.of(Buffer.class.getPackageName(), EventType.class.getPackageName());

    Imports() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (PACKAGES.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
        return EventTypesOfBundlesTest.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }

  @Test
  void anApplicationsBundleNeedsNoPackageButThoseItNames() throws Exception {
    CompiledClasses shop = shop("1", "imports", "String venue", "\"XETRA\"");
    try (URLClassLoader bundle = shop.loader(new Imports())) {
      assertTrue(start(bundle).applyAsInt(buffer) >= 30_000);
      assertEquals(2, buffer.pageRing().events().size());
    }
  }

  @Test
  void aStoppedBundlesClassesGoAndItsFormatStays() throws Exception {
    CompiledClasses shop = shop("1", "gone", "int count", "3");
    WeakReference<URLClassLoader> gone = null;
    int id;
    try (URLClassLoader bundle = shop.loader(getClass().getClassLoader())) {
      gone = new WeakReference<>(bundle);
      id = start(bundle).applyAsInt(buffer);
    }
    for (int i = 0; i < 100 && gone.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertNull(gone.get(), "the bundle's class loader can be collected");
    assertTrue(Metadata.process().formats().stream().anyMatch(format -> format.id() == id));
    assertTrue(buffer.events().list().stream().anyMatch(state -> state.id() == id));

    try (URLClassLoader again = shop.loader(getClass().getClassLoader())) {
      assertEquals(id, start(again).applyAsInt(buffer), "the same text has the same id");
    }
  }

  @Test
  void anUpdatedBundleWithOtherComponentsGetsAnotherId() throws Exception {
    CompiledClasses first = shop("1", "update", "int count", "3");
    CompiledClasses second = shop("2", "update", "double price", "1.5");
    try (URLClassLoader before = first.loader(getClass().getClassLoader());
        URLClassLoader after = second.loader(getClass().getClassLoader())) {
      ToIntFunction<Buffer> old = start(before);
      int id = old.applyAsInt(buffer);
      int newId = start(after).applyAsInt(buffer);
      assertNotEquals(id, newId);
      assertEquals(id, old.applyAsInt(buffer), "the old one, if it still runs, is what it was");
      List<EventState> states =
          buffer.events().list().stream()
              .filter(state -> state.system().equals("update") && state.name().equals("sold"))
              .toList();
      assertEquals(List.of(new EventState("update", "sold", newId, true)), states);
      buffer.events().disable("update:*");
      assertEquals(-1, old.applyAsInt(buffer), "a pattern reaches both");
    }
  }

  @Test
  void aBundleThatDoesNotImportTheLibraryIsToldSo() throws Exception {
    CompiledClasses alone =
        CompiledClasses.of(
            directory,
            "org/example/Alone.java",
            "package org.example; public record Alone(int a) {}");
    try (URLClassLoader bundle = alone.loader(ClassLoader.getPlatformClassLoader())) {
      String message = refusal(bundle.loadClass("org.example.Alone"), null);
      assertTrue(
          message.startsWith(
              "org.example.Alone: its class loader does not see the package org.pagewheel.event"),
          message);
      assertTrue(message.contains("import"), message);
    }
  }

  private static String refusal(Class<?> type, MethodHandles.Lookup lookup) {
    Class<? extends Record> record = type.asSubclass(Record.class);
    return assertThrows(
            IllegalArgumentException.class, () -> EventType.of("elsewhere", record, lookup))
        .getMessage();
  }

  @Test
  void aRecordInAModuleThatIsNotOpenNeedsALookup() throws Exception {
    CompiledClasses shop =
        CompiledClasses.of(
            directory,
            "module-info.java",
            "module org.example.shop { exports org.example.shop; }",
            "org/example/shop/Sold.java",
            """
            package org.example.shop;

            import java.lang.invoke.MethodHandles;

            public record Sold(long id) {
              public static MethodHandles.Lookup lookup() {
                return MethodHandles.lookup();
              }
            }
            """);
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration()
            .resolve(
                ModuleFinder.of(shop.directory()), ModuleFinder.of(), Set.of("org.example.shop"));
    ModuleLayer.Controller layer =
        ModuleLayer.defineModulesWithOneLoader(
            configuration, List.of(boot), getClass().getClassLoader());
    Module module = layer.layer().findModule("org.example.shop").orElseThrow();
    Class<?> type = module.getClassLoader().loadClass("org.example.shop.Sold");
    var lookup = (MethodHandles.Lookup) type.getMethod("lookup").invoke(null);

    String unread = refusal(type, lookup);
    assertTrue(unread.contains("or its module require it"), unread);
    layer.addReads(module, EventType.class.getModule());
    String closed = refusal(type, null);
    assertTrue(closed.contains("call EventType.of with MethodHandles.lookup()"), closed);

    writeOne(type.asSubclass(Record.class), lookup);
  }

  private <R extends Record> void writeOne(Class<R> record, MethodHandles.Lookup lookup)
      throws Exception {
    EventType<R> sold = EventType.of("elsewhere", record, lookup);
    R event = record.getDeclaredConstructor(long.class).newInstance(18L);
    assertTrue(sold.record(buffer, event));
    assertEquals(18, buffer.pageRing().events().getFirst().get(EventFields.LONG, 8));
  }
}
