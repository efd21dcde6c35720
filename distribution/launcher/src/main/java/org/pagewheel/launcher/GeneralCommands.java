package org.pagewheel.launcher;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * The shell's general commands (echo, grep, each, ...). The bundle gogo.jline brings them, but
 * opens a terminal when it is started; so its commands are registered from here and the bundle
 * itself is not started.
 */
final class GeneralCommands {
  static final String PROCESSOR = "org.apache.felix.service.command.CommandProcessor";
  private static final String PACKAGE = "org.apache.felix.gogo.jline.";

  private GeneralCommands() {}

  /** What Gogo's sessions are made with. */
  static Object processor(BundleContext context) {
    ServiceReference<?> reference = context.getServiceReference(PROCESSOR);
    if (reference == null) {
      throw new IllegalStateException("the bundle org.apache.felix.gogo.runtime did not start");
    }
    return context.getService(reference);
  }

  /** What gogo.jline's activator would register, less the terminal. */
  static void register(BundleContext context, Bundle commands) throws ReflectiveOperationException {
    Object processor = processor(context);
    Class<?> processorType = processor.getClass().getClassLoader().loadClass(PROCESSOR);
    Object converters =
        commands
            .loadClass(PACKAGE + "Converters")
            .getConstructor(BundleContext.class)
            .newInstance(context);
    context.registerService("org.apache.felix.service.command.Converter", converters, null);
    for (String name : List.of("Builtin", "Procedural")) {
      Class<?> type = commands.loadClass(PACKAGE + name);
      register(context, type, type.getConstructor().newInstance());
    }
    Class<?> posix = commands.loadClass(PACKAGE + "Posix");
    register(context, posix, posix.getConstructor(processorType).newInstance(processor));
  }

  private static void register(BundleContext context, Class<?> type, Object instance)
      throws ReflectiveOperationException {
    var functions = type.getDeclaredField("functions");
    functions.setAccessible(true);
    Dictionary<String, Object> properties =
        new Hashtable<>(
            Map.of("osgi.command.scope", "gogo", "osgi.command.function", functions.get(null)));
    context.registerService(type.getName(), instance, properties);
  }
}
