package org.pagewheel.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/** How {@link org.pagewheel.spi.Nearest} finds a word. */
public final class NearestWord {
  private NearestWord() {}

  public static Optional<String> to(String wrong, Collection<String> known) {
    return known.stream()
        .filter(word -> distance(wrong, word, farthest(wrong, word)) <= farthest(wrong, word))
        .min(
            Comparator.comparingInt((String word) -> distance(wrong, word, farthest(wrong, word)))
                .thenComparing(word -> word));
  }

  private static int farthest(String wrong, String word) {
    int letters = Math.min(Math.max(2, word.length() / 3), Math.max(1, wrong.length() / 2));
    return Math.min(letters, Math.max(word.length(), wrong.length()) - 1); // some are the same
  }

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

  /**
   * The Levenshtein distance, row by row, in which two transposed letters count once; the limit for
   * words whose lengths differ by more.
   */
  private static int distance(String a, String b, int most) {
    if (Math.abs(a.length() - b.length()) > most) {
      return Integer.MAX_VALUE;
    }
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] free = before;
      before = last;
      last = row;
      row = free;
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(last[j], row[j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
    }
    return row[b.length()];
  }
}
