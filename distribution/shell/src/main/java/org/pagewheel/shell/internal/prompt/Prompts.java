package org.pagewheel.shell.internal.prompt;

import java.time.Duration;
import java.util.function.Predicate;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.ResultConverter;
import org.pagewheel.shell.internal.terminal.Complaints;
import org.pagewheel.shell.internal.terminal.ErrorOutput;
import org.pagewheel.shell.internal.terminal.TypedLine;

/**
 * Offers the interactive shell to the owner of a terminal. It needs optional bundles, so nothing of
 * it is loaded before it is run.
 */
public final class Prompts implements Runnable, Predicate<String> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final BundleContext context;
  private final TypedLine lines;
  private volatile Prompt prompt;

  /**
   * Makes one.
   *
   * @param context of this bundle
   * @param lines the checks of a line before it is run
   */
  public Prompts(BundleContext context, TypedLine lines) {
    this.context = context;
    this.lines = lines;
  }

  /** Runs the shell to its end. */
  @Override
  public void run() {
    try {
      prompt =
          new Prompt(
              context,
              service(CommandProcessor.class),
              service(ThreadIO.class),
              Complaints::line,
              lines::refusal,
              TypedLine::expanded,
              ResultConverter::fitted,
              ErrorOutput::new,
              ErrorOutput::failure,
              Printable::of);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    prompt.run();
  }

  /** After a refresh of Gogo's bundle it comes back in a moment. */
  private <T> T service(Class<T> type) throws InterruptedException {
    ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
    tracker.open();
    T service = tracker.waitForService(PATIENCE.toMillis());
    if (service == null) {
      throw new IllegalStateException("the bundle org.apache.felix.gogo.runtime is not running");
    }
    return service;
  }

  /** Prints a line above the one that is being typed; false if none is. */
  @Override
  public boolean test(String line) {
    Prompt current = prompt;
    return current != null && current.test(line);
  }

  public void stop() {
    Prompt current = prompt;
    if (current != null) {
      current.stop();
    }
  }
}
