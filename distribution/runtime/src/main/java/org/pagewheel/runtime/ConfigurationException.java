package org.pagewheel.runtime;

import java.io.Serial;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The configuration holds wrong values: all of them, one line each, which says where it is, what is
 * wrong and what would be right. Nothing has been started or changed.
 */
public final class ConfigurationException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  private static final Pattern LINE_BREAK = Pattern.compile("\\s*\\R\\s*");

  /** What is wrong; an immutable list, which is serializable. */
  @SuppressWarnings("serial")
  private final List<String> problems;

  /**
   * Makes one.
   *
   * @param problems one line each, at least one; a value of several lines in it becomes one
   */
  public ConfigurationException(List<String> problems) {
    super(String.join(System.lineSeparator(), inOneLineEach(problems)));
    this.problems = inOneLineEach(problems);
  }

  private static List<String> inOneLineEach(List<String> problems) {
    return problems.stream().map(line -> LINE_BREAK.matcher(line).replaceAll(" ")).toList();
  }

  /**
   * What is wrong.
   *
   * @return one line each, at least one
   */
  public List<String> problems() {
    return problems;
  }
}
