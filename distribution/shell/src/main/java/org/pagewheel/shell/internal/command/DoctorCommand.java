package org.pagewheel.shell.internal.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.pagewheel.runtime.BufferStatus;
import org.pagewheel.runtime.Setting;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.doctor.Finding;
import org.pagewheel.shell.internal.doctor.Finding.State;
import org.pagewheel.shell.internal.doctor.Machine;
import org.pagewheel.shell.internal.doctor.OtherJvm;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Json;
import org.pagewheel.shell.internal.print.Table;

/** The command doctor: what keeps this installation from recording, and what to do. */
public final class DoctorCommand {
  private final Services services;

  /**
   * Makes it.
   *
   * @param services what to check
   */
  public DoctorCommand(Services services) {
    this.services = services;
  }

  /** The declarations. */
  public List<Command> commands() {
    return List.of(
        Command.named("doctor", "look at this machine and installation, and say what to do")
            .optional("PID", Kind.NEW)
            .means(
                "the JDK, native access, clocks, tracefs, limits, disks, who owns what, and what"
                    + " does not record; with PID whether that JVM can be attached to")
            .printing()
            .example("doctor 4711", "what keeps pagewheel attach out of process 4711")
            .example("doctor", "a line for each thing, good, note or fault")
            .fails("there is a fault: something is not recorded or saved")
            .runs(this::doctor));
  }

  private Object doctor(Call call) throws CommandFailed {
    return call.word(0) == null
        ? report(call, here())
        : report(call, OtherJvm.of(call.word(0)).findings());
  }

  private List<Finding> here() {
    List<Finding> findings = new ArrayList<>(new Machine(Path.of("/")).findings());
    for (String place : places()) {
      findings.add(Machine.place("directory", Path.of(place)));
    }
    findings.addAll(buffers());
    return findings;
  }

  private static Object report(Call call, List<Finding> findings) throws CommandFailed {
    Table<Finding> table = new Table<>(Finding.class, "nothing was looked at", findings);
    call.out().println(call.isJson() ? Json.of(table) : call.fitted(table));
    List<String> faults =
        findings.stream()
            .filter(finding -> finding.state() == State.FAULT)
            .map(Finding::check)
            .distinct()
            .toList();
    if (!faults.isEmpty()) {
      throw new CommandFailed("there is something to do about: " + String.join(", ", faults));
    }
    return null;
  }

  /** Where temporary files go, and every directory that the configuration names. */
  private Set<String> places() {
    Set<String> places = new TreeSet<>();
    for (String property : List.of("java.io.tmpdir", "pagewheel.launcher.rings")) {
      if (System.getProperty(property) != null) {
        places.add(System.getProperty(property));
      }
    }
    for (Setting setting : services.administration().settings()) {
      String key = setting.key();
      String value = setting.value().replaceAll("^\"|\"$", ""); // as in a file
      boolean isFile = key.endsWith(".file") && !value.isEmpty();
      if (key.equals("pagewheel.snapshots.directory") || key.endsWith(".dir")) {
        places.add(path(value).toString());
      } else if (isFile) {
        places.add(path(value).getParent().toString());
      }
    }
    return places;
  }

  private static Path path(String text) {
    return Path.of(text).toAbsolutePath().normalize();
  }

  private List<Finding> buffers() {
    List<Finding> findings = new ArrayList<>();
    for (BufferStatus buffer : services.administration().buffers()) {
      String check = "buffer " + buffer.name();
      String found = buffer.backend() + ", " + buffer.state().name().toLowerCase(Locale.ROOT);
      findings.add(
          buffer
              .problem()
              .map(problem -> new Finding(check, State.FAULT, found, problem))
              .orElseGet(() -> new Finding(check, State.GOOD, found, "")));
    }
    services.administration().consumers().stream()
        .filter(consumer -> consumer.problem().isPresent())
        .forEach(
            consumer ->
                findings.add(
                    new Finding(
                        "consumer " + consumer.name(),
                        State.FAULT,
                        "of buffer " + consumer.buffer(),
                        consumer.problem().get())));
    services.administration().sources().stream()
        .filter(source -> source.problem().isPresent())
        .forEach(
            source ->
                findings.add(
                    new Finding(
                        "source " + source.name(),
                        State.NOTE,
                        source.running() ? "running" : "stopped",
                        source.problem().get())));
    return findings;
  }
}
