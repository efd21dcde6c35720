package org.pagewheel.launcher;

import java.io.OutputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The services of the shell's bundle for the launcher, by types of the JDK, because the bundle has
 * another class loader. If the bundle did not start, there are none, and the launcher goes on
 * without them.
 */
final class ShellServices {
  private final BundleContext context;

  ShellServices(BundleContext context) {
    this.context = context;
  }

  boolean hasPrompt() {
    return find(Runnable.class, "prompt").isPresent();
  }

  /** Lets this user's other processes run commands here, also after the shell was refreshed. */
  void openControl() {
    onEach("control", Runnable::run);
  }

  /**
   * Runs the interactive shell on a separate thread, and the next one after its bundle was updated
   * or refreshed.
   */
  void openPrompt() {
    var prompts = new LinkedBlockingQueue<Runnable>();
    onEach("prompt", prompts::add);
    Thread.ofPlatform()
        .daemon()
        .name("pagewheel-prompt")
        .start(
            () -> {
              while (true) {
                try {
                  prompts.take().run();
                } catch (InterruptedException e) {
                  // the prompt had just ended: its bundle stops
                }
              }
            });
  }

  /** Prints a line above the one that is being typed; false if none is. */
  Predicate<String> above() {
    return line -> find(Predicate.class, "above").map(above -> accepts(above, line)).orElse(false);
  }

  @SuppressWarnings("unchecked") // the shell's services take texts
  private static boolean accepts(Predicate<?> above, String line) {
    return ((Predicate<String>) above).test(line);
  }

  /** What went wrong, as text for a person. */
  @SuppressWarnings("unchecked") // likewise
  Throwable inWords(Throwable cause, Collection<?> commands) {
    return find(BiFunction.class, "complaint")
        .map(complaint -> ((BiFunction<Object, Object, String>) complaint).apply(cause, commands))
        .<Throwable>map(UsageException::new)
        .orElse(cause);
  }

  /** Throws if a line is not to be run. */
  @SuppressWarnings("unchecked") // likewise
  void refuse(String line, Collection<?> commands) throws UsageException {
    Optional<String> reason =
        find(BiFunction.class, "refusal")
            .map(refusal -> ((BiFunction<Object, Object, String>) refusal).apply(line, commands));
    if (reason.isPresent()) {
      throw new UsageException(reason.get());
    }
  }

  /** What was meant by a word that is no command, with or without the shell's scope. */
  @SuppressWarnings("unchecked") // likewise
  String hint(String word, Collection<String> commands) {
    String name = word.startsWith(Session.SCOPE) ? word.substring(Session.SCOPE.length()) : word;
    return find(BiFunction.class, "hint")
        .map(hint -> ((BiFunction<String, Collection<String>, String>) hint).apply(name, commands))
        .orElseGet(() -> "there are " + String.join(", ", commands));
  }

  /** The line to run for the one that was written. */
  @SuppressWarnings("unchecked") // likewise
  String expanded(String line) {
    return find(UnaryOperator.class, "expanded")
        .map(expanded -> ((UnaryOperator<String>) expanded).apply(line))
        .orElse(line);
  }

  /** Why a configured buffer that is not to wait does not record; empty if all do. */
  Optional<String> idle() {
    return find(Supplier.class, "idle").map(idle -> (String) idle.get());
  }

  /** The error stream for commands that print an exception as it is: rewrites it into words. */
  @SuppressWarnings("unchecked") // likewise
  OutputStream errors(OutputStream destination) {
    return find(UnaryOperator.class, "errors")
        .map(errors -> ((UnaryOperator<OutputStream>) errors).apply(destination))
        .orElse(destination);
  }

  /** The message of a result that is a failure; empty for any other. */
  @SuppressWarnings("unchecked") // likewise
  Optional<String> failure(Object result) {
    return find(Function.class, "failure")
        .map(failure -> ((Function<Object, String>) failure).apply(result));
  }

  /** Passes on failures in a session's pipes that do not make a line fail. */
  @SuppressWarnings("unchecked") // likewise
  void watch(Object session, Consumer<Throwable> destination) {
    find(BiConsumer.class, "watch")
        .ifPresent(watch -> ((BiConsumer<Object, Object>) watch).accept(session, destination));
  }

  /** Runs now, and whenever the shell's bundle comes back. */
  private void onEach(String purpose, Consumer<Runnable> use) {
    new ServiceTracker<Runnable, Runnable>(context, filter(purpose), null) {
      @Override
      public Runnable addingService(ServiceReference<Runnable> reference) {
        Runnable service = context.getService(reference);
        use.accept(service);
        return service;
      }
    }.open();
  }

  private static Filter filter(String purpose) {
    try {
      return FrameworkUtil.createFilter(
          "(&(objectClass=java.lang.Runnable)(pagewheel.shell=" + purpose + "))");
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> Optional<T> find(Class<T> type, String purpose) {
    try {
      Collection<ServiceReference<T>> found =
          context.getServiceReferences(type, "(pagewheel.shell=" + purpose + ")");
      return found.stream().findFirst().map(context::getService);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IllegalStateException stopped) {
      return Optional.empty(); // the framework has ended
    }
  }
}
