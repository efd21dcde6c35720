package org.pagewheel.shell.internal.terminal;

import java.util.Collection;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checks of a line before Gogo runs it.
 *
 * <p>Finds {@code >} and {@code <} that Gogo would take for a file in a line of a {@code ring:}
 * command. Such a command returns its result, which Gogo shows and does not redirect: the file
 * stays empty, and more often than not a comparison was meant.
 */
public final class TypedLine {
  /** Text in quotes or after a backslash is not a redirection. */
  private static final Pattern PART =
      Pattern.compile(
          "\\\\.|'[^']*'|\"(?:\\\\.|[^\"\\\\])*+\"|(\\|\\|?|;|&&|\\n)|([0-9&]?(?:>>?|<))");

  private static final Pattern WORD = Pattern.compile("[\\s(]*([^\\s|;&<>'\"()]+)");
  private static final Pattern BLOCK = Pattern.compile("\\s*\\{");
  private static final String RING = "ring:";

  /** {@code tail -3}, which Gogo's commands do not know. */
  private static final Pattern SHORT_COUNT =
      Pattern.compile("((?:^|[|;&{(])\\s*(?:gogo:)?(?:head|tail))\\s+-(\\d+)(?=\\s|$|[|;&)}])");

  /** Gogo prints such a block instead of running it, and redirects nothing. */
  private static final String A_BLOCK =
      "a block in braces is run by a command such as each or if: write its commands without braces";

  /** The commands that print as they go, so that their output can be redirected. */
  private final Set<String> printing;

  /**
   * Makes one.
   *
   * @param printing the commands that print as they go, with their scope
   */
  public TypedLine(Set<String> printing) {
    this.printing = Set.copyOf(printing);
  }

  /** The line with counts as Gogo's {@code head} and {@code tail} take them. */
  public static String expanded(String line) {
    Matcher count = SHORT_COUNT.matcher(line);
    return count.replaceAll(
        found -> {
          long quotes =
              line.substring(0, found.start()).chars().filter(c -> c == '\'' || c == '"').count();
          return Matcher.quoteReplacement(
              quotes % 2 == 1 ? found.group() : found.group(1) + " -n " + found.group(2));
        });
  }

  /**
   * Why a line is not to be run; null if it may.
   *
   * @param line what was typed
   * @param commands all commands with their scopes
   */
  public String refusal(String line, Collection<String> commands) {
    Matcher part = PART.matcher(line);
    int begin = 0;
    if (BLOCK.matcher(line).lookingAt()) {
      return A_BLOCK;
    }
    while (part.find()) {
      if (part.group(1) != null) {
        begin = part.end();
      } else if (part.group(2) != null) {
        Matcher word = WORD.matcher(line).region(begin, part.start());
        String name = word.lookingAt() ? scoped(word.group(1), commands) : "";
        if (name.startsWith(RING) && !printing.contains(name)) {
          return name.equals("ring:trigger")
              ? part.group(2)
                  + " is taken for a file: put the filter into quotes, as in 'if price > 100'"
              : name
                  + " cannot be redirected with "
                  + part.group(2)
                  + ": quote it, or write "
                  + name
                  + " | gogo:cat > FILE";
        }
      }
    }
    return null;
  }

  /** In the order of the shell's scopes: Gogo's own commands come first. */
  private static String scoped(String word, Collection<String> commands) {
    return word.indexOf(':') < 0 && !commands.contains("gogo:" + word) ? RING + word : word;
  }
}
