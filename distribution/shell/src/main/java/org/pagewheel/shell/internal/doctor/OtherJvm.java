package org.pagewheel.shell.internal.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.pagewheel.shell.internal.doctor.Finding.State;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.spi.OwnDirectory;

/** Another process, from its files in {@code /proc}: whether an agent can be loaded into it. */
public final class OtherJvm {
  private static final String ATTACH = "attach";
  private static final String NO_ATTACH = "-XX:+DisableAttachMechanism";
  private static final String NO_AGENTS = "-XX:-EnableDynamicAgentLoading";
  private static final String SILENT = "-XX:+EnableDynamicAgentLoading";
  private static final int OLDEST = 25;

  /** Options of the launcher whose value is the next word. */
  private static final Set<String> VALUED =
      Set.of(
          "-cp",
          "-classpath",
          "--class-path",
          "-p",
          "--module-path",
          "--upgrade-module-path",
          "--add-modules",
          "--limit-modules",
          "--add-reads",
          "--add-exports",
          "--add-opens",
          "--patch-module",
          "--enable-native-access",
          "--source");

  /** Options after which the application's own words come. */
  private static final Set<String> ENDS = Set.of("-jar", "-m", "--module");

  private final Path process;

  private OtherJvm(String pid) {
    this.process = Path.of("/proc", pid);
  }

  /**
   * A process.
   *
   * @param pid its number
   * @throws CommandFailed if there is none
   */
  public static OtherJvm of(String pid) throws CommandFailed {
    OtherJvm found = new OtherJvm(pid);
    if (!pid.matches("\\d{1,10}") || !Files.isDirectory(found.process)) {
      throw new CommandFailed("there is no process " + pid);
    }
    return found;
  }

  /** The findings; none is a fault if the agent can be loaded. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    try {
      if (!OwnDirectory.isOwn(process)) {
        String owner = Files.getOwner(process, LinkOption.NOFOLLOW_LINKS).getName();
        findings.add(
            Finding.fault(
                "user", "of user " + owner, "run this as that user, by sudo -u " + owner));
        return findings;
      }
      findings.add(Finding.good("user", "this user's"));
      findings.add(jvm());
      findings.addAll(flags());
      findings.add(namespace());
    } catch (NoSuchFileException e) {
      findings.add(Finding.fault("process", "it has ended", "start it again"));
    } catch (IOException e) {
      findings.add(Finding.fault("process", "its files in /proc cannot be read", e.getMessage()));
    }
    return findings;
  }

  private Finding jvm() throws IOException {
    Path program = Files.readSymbolicLink(process.resolve("exe"));
    Path release = process.resolve("root" + program.resolveSibling("../release"));
    if (!Files.readString(process.resolve("maps"), StandardCharsets.ISO_8859_1)
        .contains("libjvm")) {
      return Finding.fault(
          "JVM", program + " is not a JVM", "name the process of a JVM: jps lists them");
    }
    if (!Files.isRegularFile(release)) {
      return new Finding("JVM", State.NOTE, program.toString(), "it has to be Java 25 or newer");
    }
    String version =
        Files.readAllLines(release).stream()
            .filter(line -> line.startsWith("JAVA_VERSION="))
            .map(line -> line.substring("JAVA_VERSION=".length()).replace("\"", ""))
            .findFirst()
            .orElse("");
    String major = version.replaceFirst("\\D.*", "");
    return !major.isEmpty() && Integer.parseInt(major) < OLDEST
        ? Finding.fault("JVM", "Java " + version, "start the application with Java 25 or newer")
        : Finding.good("JVM", "Java " + version);
  }

  /** The command line and the variables that add to it. */
  private List<Finding> flags() throws IOException {
    List<String> options = new ArrayList<>(options(strings("cmdline")));
    for (String variable : strings("environ")) {
      if (variable.startsWith("JAVA_TOOL_OPTIONS=") || variable.startsWith("JDK_JAVA_OPTIONS=")) {
        options.addAll(List.of(variable.substring(variable.indexOf('=') + 1).split("\\s+")));
      }
    }
    List<Finding> findings = new ArrayList<>();
    if (options.contains(NO_ATTACH)) {
      findings.add(Finding.fault(ATTACH, NO_ATTACH, "start it without that, or with -javaagent"));
    } else {
      findings.add(Finding.good(ATTACH, "allowed"));
    }
    String agents = "agents later";
    if (options.contains(NO_AGENTS)) {
      findings.add(Finding.fault(agents, NO_AGENTS, "start it without that, or with -javaagent"));
    } else if (options.contains(SILENT)) {
      findings.add(Finding.good(agents, "allowed"));
    } else {
      findings.add(
          new Finding(
              agents,
              State.NOTE,
              "allowed, with a warning on its error stream",
              SILENT + " silences that; a later Java will refuse without it"));
    }
    return findings;
  }

  /** The words before the main class or the jar: the rest is the application's. */
  static List<String> options(List<String> commandLine) {
    List<String> options = new ArrayList<>();
    boolean isValue = true; // the program itself
    for (String word : commandLine) {
      if (!isValue && (!word.startsWith("-") || ENDS.contains(word))) {
        break;
      }
      options.add(word);
      isValue = !isValue && VALUED.contains(word);
    }
    return options;
  }

  private List<String> strings(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(process.resolve(file));
    return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
  }

  /** In a container the agent's jar has to be where the process finds it. */
  private Finding namespace() throws IOException {
    Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
    return own.equals(Files.readSymbolicLink(process.resolve("ns/mnt")))
        ? Finding.good("files", "the same as here")
        : Finding.note(
            "files",
            "a container's",
            "run pagewheel attach in that container, or start it with -javaagent");
  }
}
