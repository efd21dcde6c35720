package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.FrameworkWiring;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.terminal.ErrorOutput;

/**
 * Replaces commands of Felix that hide their failures: they return what went wrong as if it were a
 * result, and a pipe or a closure takes it for one.
 */
public final class FrameworkCommands {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {
    "refresh", "install", "resolve", "start", "stop", "uninstall", "update"
  };

  /** The beginning of an installation's result. */
  private static final String INSTALLED = "Bundle ID";

  private final BundleContext context;

  public FrameworkCommands(BundleContext context) {
    this.context = context;
  }

  /**
   * Refreshes bundles; Felix's command fails without an argument.
   *
   * @param bundles which ones; none means all that were updated or uninstalled
   */
  @Descriptor("refresh bundles")
  public void refresh(
      @Descriptor("target bundles (none means all that were updated or uninstalled)")
          Bundle... bundles) {
    Collection<Bundle> which = bundles.length == 0 ? null : List.of(bundles);
    context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(which);
  }

  /**
   * Installs bundles.
   *
   * @param session knows the directory for relative paths
   * @param locations where they are
   * @return their numbers
   * @throws Exception if one of them cannot be installed
   */
  @Descriptor("install bundles")
  public String install(CommandSession session, @Descriptor("target URLs") String... locations)
      throws Exception {
    Class<?>[] types = {CommandSession.class, String[].class};
    String result = call("install", types, session, locations);
    if (result != null && !result.startsWith(INSTALLED)) {
      throw new CommandFailed(ErrorOutput.lineOf(result));
    }
    return result == null ? null : result.strip();
  }

  /**
   * Resolves bundles.
   *
   * @param bundles which ones; none means all
   * @throws Exception if one of them cannot be resolved
   */
  @Descriptor("resolve bundles")
  public void resolve(@Descriptor("target bundles (none means all)") Bundle... bundles)
      throws Exception {
    silent("resolve", new Class<?>[] {Bundle[].class}, (Object) bundles);
  }

  /**
   * Starts bundles.
   *
   * @param temporary whether a restart of the framework forgets it
   * @param policy whether their activation policy decides when
   * @param bundles numbers or URLs
   * @throws Exception if one of them cannot be started
   */
  @Descriptor("start bundles")
  public void start(
      @Descriptor("start bundle transiently")
          @Parameter(
              names = {"-t", "--transient"},
              presentValue = "true",
              absentValue = "false")
          boolean temporary,
      @Descriptor("use declared activation policy")
          @Parameter(
              names = {"-p", "--policy"},
              presentValue = "true",
              absentValue = "false")
          boolean policy,
      @Descriptor("target bundle identifiers or URLs") String... bundles)
      throws Exception {
    Class<?>[] types = {boolean.class, boolean.class, String[].class};
    silent("start", types, temporary, policy, bundles);
  }

  /**
   * Stops bundles.
   *
   * @param temporary whether a restart of the framework forgets it
   * @param bundles which ones
   * @throws Exception if one of them cannot be stopped
   */
  @Descriptor("stop bundles")
  public void stop(
      @Descriptor("stop bundle transiently")
          @Parameter(
              names = {"-t", "--transient"},
              presentValue = "true",
              absentValue = "false")
          boolean temporary,
      @Descriptor("target bundles") Bundle... bundles)
      throws Exception {
    silent("stop", new Class<?>[] {boolean.class, Bundle[].class}, temporary, bundles);
  }

  /**
   * Uninstalls bundles.
   *
   * @param bundles which ones
   * @throws Exception if one of them cannot be uninstalled
   */
  @Descriptor("uninstall bundles")
  public void uninstall(@Descriptor("target bundles") Bundle... bundles) throws Exception {
    silent("uninstall", new Class<?>[] {Bundle[].class}, (Object) bundles);
  }

  /**
   * Updates a bundle from its original location.
   *
   * @param bundle which one
   * @throws Exception if it cannot be updated
   */
  @Descriptor("update bundle")
  public void update(@Descriptor("target bundle") Bundle bundle) throws Exception {
    silent("update", new Class<?>[] {Bundle.class}, bundle);
  }

  /**
   * Updates a bundle.
   *
   * @param session knows the directory for relative paths
   * @param bundle which one
   * @param location from where
   * @throws Exception if it cannot be updated
   */
  @Descriptor("update bundle from URL")
  public void update(
      CommandSession session,
      @Descriptor("target bundle") Bundle bundle,
      @Descriptor("URL from where to retrieve bundle") String location)
      throws Exception {
    Class<?>[] types = {CommandSession.class, Bundle.class, String.class};
    silent("update", types, session, bundle, location);
  }

  /** Runs a command whose only result is what went wrong. */
  private void silent(String function, Class<?>[] types, Object... arguments) throws Exception {
    String result = call(function, types, arguments);
    if (result != null && !result.isBlank()) {
      throw new CommandFailed(ErrorOutput.lineOf(result));
    }
  }

  private String call(String function, Class<?>[] types, Object... arguments) throws Exception {
    Object felix = felix(function);
    Method method = felix.getClass().getMethod(function, types);
    try {
      return (String) method.invoke(felix, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private Object felix(String function) throws IOException, InvalidSyntaxException {
    String filter = "(&(osgi.command.scope=felix)(osgi.command.function=%s))".formatted(function);
    ServiceReference<?>[] found = context.getAllServiceReferences(null, filter);
    for (ServiceReference<?> each : found == null ? new ServiceReference<?>[0] : found) {
      Object service = context.getService(each);
      if (service != null && service != this) {
        return service;
      }
    }
    throw new CommandFailed("the bundle org.apache.felix.gogo.command is not running");
  }
}
