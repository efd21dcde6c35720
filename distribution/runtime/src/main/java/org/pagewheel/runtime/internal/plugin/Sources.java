package org.pagewheel.runtime.internal.plugin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.SourceStatus;
import org.pagewheel.runtime.internal.config.Units;
import org.pagewheel.runtime.internal.lifecycle.Reports;
import org.pagewheel.runtime.internal.lifecycle.Teardown;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.Source;

/**
 * The sources, which write events by themselves. Each starts and stops on a separate thread, so
 * that a slow one does not delay the others.
 */
public final class Sources {
  private final Environment environment;
  private final Buffers buffers;
  private final Teardown teardown;
  private final Map<Source, Running> sources = new LinkedHashMap<>();

  /** An available source; guarded by itself. */
  private static final class Running {
    final String name;
    Thread thread;
    AutoCloseable stop;
    boolean stopping;
    Optional<String> problem = Optional.empty();

    Running(String name) {
      this.name = name;
    }
  }

  public Sources(Environment environment, Buffers buffers, Teardown teardown) {
    this.environment = environment;
    this.buffers = buffers;
    this.teardown = teardown;
  }

  public void start() {
    teardown.push(this::stopAll);
    teardown.push(environment.plugins().sources().watch(this::added, this::removed));
    List<String> atOnce = environment.pluginSettings().misspeltSources();
    atOnce.forEach(environment.reports()::problem);
    // Bundles come in any order.
    environment.later(Environment.GRACE, () -> reportUnknown(atOnce));
  }

  private void reportUnknown(List<String> reported) {
    List<String> unknown = new ArrayList<>(environment.pluginSettings().unknownSources());
    unknown.removeAll(reported);
    unknown.forEach(environment.reports()::problem);
  }

  private void added(Source source) {
    String name = environment.plugins().sources().nameOf(source).orElse("?");
    Running running = new Running(name);
    synchronized (sources) {
      sources.put(source, running);
    }
    if (environment.settings().mayRun(name)) {
      running.thread = Threads.start("pagewheel-source-" + name, () -> run(source, running));
    }
  }

  /** Applies a changed configuration; returns a line for each change. */
  public List<String> changed() {
    Map<Source, Running> all;
    synchronized (sources) {
      all = new LinkedHashMap<>(sources);
    }
    List<String> said = new ArrayList<>();
    all.forEach(
        (source, running) -> {
          boolean may = environment.settings().mayRun(running.name);
          if (may && running.thread == null) {
            removed(source);
            added(source);
            said.add("source " + running.name + ": started");
          } else if (!may && running.thread != null) {
            removed(source);
            added(source); // available, but not running
            said.add("source " + running.name + ": stopped");
          }
        });
    return said;
  }

  private void run(Source source, Running running) {
    try {
      AutoCloseable stop = source.start(buffers);
      synchronized (running) {
        if (!running.stopping) {
          running.stop = stop;
          return;
        }
      }
      stop.close(); // it has been stopped while it started
    } catch (Throwable e) {
      problem(running, "cannot run: " + Reason.of(e), e);
    }
  }

  private void problem(Running running, String what, Throwable thrown) {
    problem(running, what);
    Reports.stack("source " + running.name, thrown);
  }

  private void problem(Running running, String what) {
    synchronized (running) {
      running.problem = Optional.of(what);
    }
    environment.reports().problem("source " + running.name + " " + what);
  }

  private void removed(Source source) {
    Running running;
    synchronized (sources) {
      running = sources.remove(source);
    }
    if (running != null) {
      stop(running);
    }
  }

  private void stopAll() {
    List<Running> all;
    synchronized (sources) {
      all = new ArrayList<>(sources.values()).reversed();
      sources.clear();
    }
    all.forEach(this::stop);
  }

  private void stop(Running running) {
    AutoCloseable stop;
    synchronized (running) {
      running.stopping = true;
      stop = running.stop;
      running.stop = null;
    }
    Thread stopper = running.thread;
    if (stop != null) {
      stopper =
          Threads.start(
              "pagewheel-source-" + running.name + "-stop",
              () -> {
                try {
                  stop.close();
                } catch (Throwable e) {
                  problem(running, "cannot stop: " + Reason.of(e), e);
                }
              });
    }
    if (stopper != null && !Threads.join(stopper, environment.settings().stopTimeout())) {
      String time = Units.time(environment.settings().stopTimeout());
      problem(running, "has not stopped within " + time + ": it is abandoned");
    }
  }

  public List<SourceStatus> list() {
    List<SourceStatus> list = new ArrayList<>();
    synchronized (sources) {
      for (Running running : sources.values()) {
        synchronized (running) {
          list.add(new SourceStatus(running.name, running.stop != null, running.problem));
        }
      }
    }
    list.sort(Comparator.comparing(SourceStatus::name));
    return list;
  }
}
