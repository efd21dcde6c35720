package org.pagewheel.runtime.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pagewheel.runtime.SourceStatus;
import org.pagewheel.runtime.internal.config.Units;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.Source;

/**
 * The sources that write events of their own accord. Each starts and stops on a thread of its own,
 * so that a slow one holds up nobody's start.
 */
final class Sources {
  private final Tools tools;
  private final Registry buffers;
  private final Undo undo;
  private final Map<Source, Running> sources = new LinkedHashMap<>();

  /** A source that is there; guarded by itself. */
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

  Sources(Tools tools, Registry buffers, Undo undo) {
    this.tools = tools;
    this.buffers = buffers;
    this.undo = undo;
  }

  void start() {
    undo.push(this::stopAll);
    undo.push(tools.plugins.sources().watch(this::added, this::removed));
    List<String> atOnce = tools.pluginSettings().misspeltSources();
    atOnce.forEach(tools.reports::problem);
    // Bundles come in any order.
    tools.later(Tools.GRACE, () -> reportUnknown(atOnce));
  }

  private void reportUnknown(List<String> reported) {
    List<String> unknown = new ArrayList<>(tools.pluginSettings().unknownSources());
    unknown.removeAll(reported);
    unknown.forEach(tools.reports::problem);
  }

  private void added(Source source) {
    String name = tools.plugins.sources().nameOf(source).orElse("?");
    Running running = new Running(name);
    synchronized (sources) {
      sources.put(source, running);
    }
    if (tools.settings.mayRun(name)) {
      running.thread = InTime.start("pagewheel-source-" + name, () -> run(source, running));
    }
  }

  /** The configuration may say something else now; returns a line for each change. */
  List<String> changed() {
    Map<Source, Running> all;
    synchronized (sources) {
      all = new LinkedHashMap<>(sources);
    }
    List<String> said = new ArrayList<>();
    all.forEach(
        (source, running) -> {
          boolean may = tools.settings.mayRun(running.name);
          if (may && running.thread == null) {
            removed(source);
            added(source);
            said.add("source " + running.name + ": started");
          } else if (!may && running.thread != null) {
            removed(source);
            added(source); // there, but not running
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
    tools.reports.problem("source " + running.name + " " + what);
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
          InTime.start(
              "pagewheel-source-" + running.name + "-stop",
              () -> {
                try {
                  stop.close();
                } catch (Throwable e) {
                  problem(running, "cannot stop: " + Reason.of(e), e);
                }
              });
    }
    if (stopper != null && !InTime.join(stopper, tools.settings.stopTimeout())) {
      String time = Units.time(tools.settings.stopTimeout());
      problem(running, "has not stopped within " + time + ": it is abandoned");
    }
  }

  List<SourceStatus> list() {
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
