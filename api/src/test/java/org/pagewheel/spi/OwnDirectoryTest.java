package org.pagewheel.spi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Run by root, as the other tests of what another user has made. */
class OwnDirectoryTest {
  private static final String ELSE = " belongs to user nobody, who could exchange what is in it";

  /** Nobody has an account of this number. */
  private static final String ODD = "54321";

  @TempDir Path directory;
  private Path outer;

  @BeforeEach
  void make() throws Exception {
    outer = make("outer", "0:0", "755");
  }

  private Path make(String name, String owner, String mode) throws Exception {
    Path made = Files.createDirectory(directory.resolve(name));
    run("chown", owner, made.toString());
    run("chmod", mode, made.toString());
    return made;
  }

  private Path link(String name, String owner, String to) throws Exception {
    Path made = Files.createSymbolicLink(directory.resolve(name), Path.of(to));
    run("chown", "-h", owner, made.toString());
    return made;
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private static void assertRefused(Path directory, String why) {
    IOException e = assertThrows(IOException.class, () -> OwnDirectory.check(directory));
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    IOException made =
        assertThrows(IOException.class, () -> OwnDirectory.make(directory.resolve("below")));
    assertTrue(made.getMessage().contains(why), made.getMessage());
    assertFalse(Files.exists(directory.resolve("below"), LinkOption.NOFOLLOW_LINKS));
  }

  private static void assertGood(Path directory) throws IOException {
    assertDoesNotThrow(() -> OwnDirectory.check(directory));
    Path below = directory.resolve("deep/below");
    OwnDirectory.make(below);
    String modes = PosixFilePermissions.toString(Files.getPosixFilePermissions(below));
    assertEquals("rwx------", modes);
    assertTrue(OwnDirectory.isOwn(below));
    OwnDirectory.make(below);
  }

  @Test
  void whatNobodyElseCanExchangeIsGood() throws Exception {
    assertGood(outer);
    assertGood(make("outer/group", "0:100", "2775"));
    assertGood(make("outer/sticky", "0:0", "1777"));
    assertGood(make("outer/odd", ODD + ":" + ODD, "755"));
    link("link", "0:0", "outer/../outer/./group");
    assertGood(directory.resolve("link/../sticky"));
    assertGood(link("absolute", "0:0", outer.toString()));
  }

  @Test
  void whatAnotherUserCouldExchangeIsRefused() throws Exception {
    Path theirs = make("outer/theirs", "nobody", "755");
    assertRefused(theirs, "directory " + theirs + ELSE);
    make("outer/theirs/mine", "0:0", "700");
    assertRefused(theirs.resolve("mine"), "directory " + theirs + ELSE);
    Path open = make("outer/open", "nobody", "777");
    assertRefused(open, "directory " + open + ELSE);
    Path own = make("outer/own", "0:0", "777");
    assertRefused(own, "anybody may replace files in directory " + own + " of user root: take one");
    make("outer/own/mine", "0:0", "700");
    assertRefused(own.resolve("mine"), "anybody may replace files in directory " + own);
    assertRefused(make("outer/odd", ODD, "777"), "anybody may replace files in directory");
  }

  @Test
  void whatAnotherUserMayHavePutIntoAStickyDirectoryIsRefused() throws Exception {
    Path sticky = make("outer/sticky", "0:0", "1777");
    make("outer/sticky/mine", "0:0", "755");
    assertGood(sticky.resolve("mine"));
    Path odd = make("outer/sticky/odd", ODD, "700");
    assertRefused(odd, "directory " + odd + " belongs to user " + ODD);
  }

  @Test
  void aLinkOfAnotherUserIsRefused() throws Exception {
    Path link = link("outer/link", "nobody", "..");
    assertRefused(link, link + " is a link of user nobody, who could let it lead anywhere");
    assertRefused(link.resolve("outer"), link + " is a link of user nobody");
    Path indirect = link("indirect", "0:0", "outer/link/outer");
    assertRefused(indirect, link + " is a link of user nobody");
    assertRefused(link("loop", "0:0", "loop"), "too many links");
    assertRefused(link("dangling", "0:0", "nowhere"), "nowhere: there is no such directory");
    Files.createFile(outer.resolve("file"));
    assertRefused(outer.resolve("file"), "file is not a directory");
  }

  /** As another user than root: what a group shares is good, as is what it leads through. */
  @Test
  void aDirectoryThatIsSharedWithOnesGroupIsGood() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path classes = make("classes", "0:0", "755");
    Path compiled =
        Path.of(OwnDirectory.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    run("cp", "-r", compiled.toString(), classes + "/main");
    run("cp", "-r", testClasses().toString(), classes + "/test");
    run("chmod", "-R", "a+rX", classes.toString());
    make("outer/alice", "1:1", "755");
    make("outer/alice/shared", "1:60000", "2775");
    make("outer/alice/closed", "1:1", "755");
    make("outer/sticky", "0:0", "1777");
    make("outer/sticky/planted", "1:60000", "2775");
    make("outer/own", "60001:60001", "700");
    assertEquals("", asAnother(classes, "outer/alice/shared"));
    assertEquals("", asAnother(classes, "outer/own"));
    assertEquals("", asAnother(classes, "outer/sticky"));
    assertTrue(asAnother(classes, "outer/alice/closed").contains("alice belongs to user daemon"));
    assertTrue(
        asAnother(classes, "outer/sticky/planted").contains("planted belongs to user daemon"));
  }

  private static Path testClasses() throws URISyntaxException {
    return Path.of(
        OwnDirectoryTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private String asAnother(Path classes, String name) throws Exception {
    List<String> command =
        List.of(
            "setpriv",
            "--reuid=60001",
            "--regid=60001",
            "--groups=60000",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classes + "/main:" + classes + "/test",
            Check.class.getName(),
            directory.resolve(name).toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said.strip();
  }

  /** Checks a directory, by whoever runs it. */
  static final class Check {
    private Check() {}

    /**
     * Prints why a directory is refused.
     *
     * @param arguments its name
     */
    public static void main(String[] arguments) {
      try {
        OwnDirectory.check(Path.of(arguments[0]));
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
