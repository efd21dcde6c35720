package org.pagewheel.shell.internal.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.shell.internal.doctor.Finding.State;

class MachineTest {
  @TempDir Path directory;

  private static Finding of(List<Finding> findings, String check) {
    return findings.stream().filter(each -> each.check().equals(check)).findFirst().orElseThrow();
  }

  @Test
  void thisMachineCanRecord() {
    List<Finding> findings = new Machine(Path.of("/")).findings();
    assertEquals(State.GOOD, of(findings, "java").state());
    assertEquals(State.GOOD, of(findings, "native access").state());
    assertTrue(of(findings, "clock").found().endsWith(" ns to read mono"));
    assertEquals("clocks x86-tsc and mono-tsc", of(findings, "counter").found());
    assertTrue(of(findings, "open files").found().startsWith("at most "));
  }

  @Test
  void whatIsMissingIsNamedWithWhatToDo() throws Exception {
    Files.createDirectories(directory.resolve("proc/self"));
    Files.writeString(directory.resolve("proc/self/limits"), "Max open files   256   4096 files\n");
    List<Finding> findings = new Machine(directory).findings();
    assertEquals("ulimit -n 4096 before it is started", of(findings, "open files").advice());
    assertTrue(of(findings, "tracefs").advice().contains("mount -t tracefs"));
    Path tracing = Files.createDirectories(directory.resolve("sys/kernel/tracing"));
    Files.createFile(tracing.resolve("trace_clock"));
    Files.createFile(tracing.resolve("tracing_on"));
    assertEquals(State.GOOD, of(new Machine(directory).findings(), "tracefs").state());
  }

  @Test
  void aPlaceThatOthersCanChangeIsAFault() throws Exception {
    assertEquals(State.GOOD, Machine.place("x", directory).state());
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Finding open = Machine.place("x", directory);
    assertEquals(State.FAULT, open.state());
    assertTrue(open.advice().contains("chmod o-w"), open::toString);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertEquals(State.GOOD, Machine.place("x", directory).state());
    assertEquals(State.NOTE, Machine.place("x", directory.resolve("nosuch")).state());
  }
}
