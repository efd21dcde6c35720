package org.pagewheel.runtime.internal.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/** Finds what somebody may have meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The known word that is nearest to a wrong one, if any is near: at most a third of its letters
   * (but two are always allowed) put in, left out or exchanged.
   */
  public static Optional<String> to(String wrong, Collection<String> known) {
    return known.stream()
        .filter(word -> distance(wrong, word) <= Math.max(2, word.length() / 3))
        .min(Comparator.comparingInt((String word) -> distance(wrong, word)).thenComparing(w -> w));
  }

  /** The end of a message about a wrong word: the nearest one, or all there are. */
  public static String hint(String wrong, Collection<String> known) {
    if (known.isEmpty()) {
      return "there is none";
    }
    return to(wrong, known)
        .map(word -> "did you mean " + word + "?")
        .orElseGet(
            () ->
                (known.size() == 1 ? "there is " : "there are ")
                    + String.join(", ", sorted(known)));
  }

  private static TreeSet<String> sorted(Collection<String> words) {
    return new TreeSet<>(words);
  }

  /** Levenshtein's distance, row by row. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
