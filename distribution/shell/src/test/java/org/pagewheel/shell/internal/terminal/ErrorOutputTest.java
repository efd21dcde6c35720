package org.pagewheel.shell.internal.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What other commands print of an exception is read by a person. */
class ErrorOutputTest {
  @Test
  void namesOfClassesAndStacksAreLeftOut() {
    var bytes = new ByteArrayOutputStream();
    try (var err = new PrintStream(new ErrorOutput(bytes), true, Charset.defaultCharset())) {
      err.println("cat: " + new IOException("no such file"));
      err.println("cat: " + new AccessDeniedException("/root/x"));
      err.println("cat: " + new FileSystemException("/a/b", null, "Is a directory"));
      new IllegalStateException(new InterruptedException()).printStackTrace(err);
      err.println("a.".repeat(50_000) + "B");
      err.println("the class java.lang.String and a.b.C: stay");
      err.println("gogo: WrongInput: is reported elsewhere, in words");
      err.print("and so does half a line");
      err.flush();
    }
    assertEquals(
        """
        cat: no such file
        cat: access denied: /root/x
        cat: /a/b: Is a directory
        interrupted
        %s
        the class java.lang.String and a.b.C: stay
        and so does half a line\
        """
            .formatted("a.".repeat(50_000) + "B"),
        bytes.toString(Charset.defaultCharset()));
  }

  @Test
  void controlCharactersAreShownByTheirNumber() {
    assertEquals("E\\x1b[1m", ErrorOutput.inWords("E\u001b[1m"));
    assertEquals(
        "\\x1b[31mE", Complaints.line(new IllegalArgumentException("\u001b[31mE"), List.of()));
  }
}
