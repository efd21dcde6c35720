package org.pagewheel.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.ConfigurationException;
import org.pagewheel.runtime.Pagewheel;

class PagewheelModuleTest {
  private static Pagewheel start(String key, String value) {
    return Pagewheel.start(Map.of("pagewheel." + key, value));
  }

  @ParameterizedTest
  @EnumSource(names = {"DEVELOPMENT", "PRODUCTION"})
  void recordsFromTheInjectorsCreationToTheModulesClose(Stage stage) {
    Buffer main;
    GuiceShop shop;
    Pagewheel[] started = new Pagewheel[1];
    try (var module = new PagewheelModule(() -> started[0] = start("buffers.main.pages", "8"))) {
      assertSame(null, started[0]);
      Injector injector = Guice.createInjector(stage, module, new GuiceShop.ShopModule());
      main = started[0].buffers().get("main"); // nobody has asked for it
      assertEquals(8, main.config().pages());
      shop = injector.getInstance(GuiceShop.class);
      assertSame(started[0].buffers(), injector.getInstance(Buffers.class));
      assertSame(started[0].administration(), injector.getInstance(Administration.class));
      assertSame(started[0], injector.getInstance(Pagewheel.class));
      assertTrue(shop.open("me"));
      assertEquals(1, main.counters().written());
    }
    assertTrue(main.isClosed());
    assertFalse(GuiceShop.OPENED.record(main, new GuiceShop.Opened("nobody")));
  }

  @Test
  void injectorsOfOneModuleShareItAndThoseOfTwoDoNot() {
    try (var one = new PagewheelModule();
        var two = new PagewheelModule()) {
      Buffers first = Guice.createInjector(one).getInstance(Buffers.class);
      assertSame(first, Guice.createInjector(one).getInstance(Buffers.class));
      assertNotSame(first, Guice.createInjector(two).getInstance(Buffers.class));
    }
  }

  @Test
  void aWrongConfigurationIsAnErrorOfTheCreation() {
    try (var module = new PagewheelModule(() -> start("buffers.main.paegs", "8"))) {
      CreationException e =
          assertThrows(CreationException.class, () -> Guice.createInjector(module));
      assertInstanceOf(ConfigurationException.class, e.getCause());
      assertTrue(e.getMessage().contains("did you mean pages?"), e::getMessage);
    }
  }

  /** Of an injector that does not come to be nothing is left, though nobody could ask it. */
  @Test
  void whatWasStartedForAnInjectorThatFailedIsClosed() {
    Pagewheel[] started = new Pagewheel[1];
    var failing =
        new AbstractModule() {
          @Override
          protected void configure() {
            bind(String.class)
                .toProvider(
                    () -> {
                      throw new IllegalStateException("on purpose");
                    })
                .asEagerSingleton();
          }
        };
    Buffer main;
    try (var module = new PagewheelModule(() -> started[0] = Pagewheel.start())) {
      assertThrows(CreationException.class, () -> Guice.createInjector(module, failing));
      main = started[0].buffers().get("main");
      assertFalse(main.isClosed());
    }
    assertTrue(main.isClosed());
  }

  @Test
  void afterCloseNothingIsStarted() {
    var module = new PagewheelModule();
    Injector injector = Guice.createInjector(module);
    module.close();
    module.close();
    assertThrows(ProvisionException.class, () -> injector.getInstance(Buffers.class));
    assertThrows(CreationException.class, () -> Guice.createInjector(module));
  }
}
