package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;

/** What another user has made. Only root can make it so; the tests of it fail for anybody else. */
final class Foreign {
  private Foreign() {}

  /** Gives a file, or a link itself, to another user. */
  static void give(Path file) throws IOException {
    var users = file.getFileSystem().getUserPrincipalLookupService();
    Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setOwner(users.lookupPrincipalByName("nobody"));
  }

  static void run(String... command) throws IOException, InterruptedException {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
