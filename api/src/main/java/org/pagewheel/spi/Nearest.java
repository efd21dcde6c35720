package org.pagewheel.spi;

import java.util.Collection;
import java.util.Optional;
import org.pagewheel.internal.NearestWord;

/** Finds the word that was probably meant, for messages about an unknown word. */
public final class Nearest {
  private Nearest() {}

  /**
   * The known word that is nearest to a wrong one, if any is near: at most a third of its letters
   * (but two are always allowed), and half of the wrong one's, put in, left out, changed or
   * exchanged with the next.
   *
   * @param wrong what was written, of any length
   * @param known the known words
   * @return the nearest; of several the first in alphabetical order
   */
  public static Optional<String> to(String wrong, Collection<String> known) {
    return NearestWord.to(wrong, known);
  }

  /**
   * The end of a message about a wrong word: the nearest one, or all there are.
   *
   * @param wrong what was written, of any length
   * @param known the known words
   * @return such as "did you mean heap?", or "there are heap, lockfree"
   */
  public static String hint(String wrong, Collection<String> known) {
    return NearestWord.hint(wrong, known);
  }
}
