package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class CausesTest {
  @Test
  void aSentenceStandsAlone() {
    assertEquals("the page is damaged", Causes.inOneLine(new IOException("the page is damaged\n")));
  }

  @Test
  void manyLinesBecomeOne() {
    assertEquals("first; second", Causes.inOneLine(new IOException("first\n\n  second\n")));
  }

  @Test
  void aSingleWordGetsItsKind() {
    assertEquals(
        "ClassNotFoundException: org.Acme",
        Causes.inOneLine(new ClassNotFoundException("org.Acme")));
  }

  @Test
  void filesSayWhatIsTheMatter() {
    assertEquals("no such file: a b.dat", Causes.inOneLine(new NoSuchFileException("a b.dat")));
    assertEquals("access denied: x", Causes.inOneLine(new AccessDeniedException("x")));
  }

  @Test
  void wrappersThatSayNothingAreLeftOut() {
    var root = new IOException("the disk is full");
    var wrapped = new InvocationTargetException(new IllegalStateException(root));
    assertEquals("the disk is full", Causes.inOneLine(wrapped));
  }

  @Test
  void withoutAnyMessageTheKindMustDo() {
    assertEquals("IllegalStateException", Causes.inOneLine(new IllegalStateException()));
  }
}
