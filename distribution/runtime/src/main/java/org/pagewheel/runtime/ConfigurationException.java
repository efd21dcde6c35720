package org.pagewheel.runtime;

import java.io.Serial;
import java.util.List;

/**
 * The configuration holds wrong values: all of them, one line each, which says where it is, what is
 * wrong and what would be right. Nothing has been started or changed.
 */
public final class ConfigurationException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  /** What is wrong; an immutable list, which is serializable. */
  @SuppressWarnings("serial")
  private final List<String> problems;

  /**
   * Makes one.
   *
   * @param problems one line each, at least one
   */
  public ConfigurationException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
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
