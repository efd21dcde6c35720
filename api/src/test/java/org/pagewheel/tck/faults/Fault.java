package org.pagewheel.tck.faults;

import java.util.List;

/**
 * A mistake that a backend's author might make: an edit of the simplest backend's source.
 *
 * @param name what is wrong
 * @param file the class that is edited
 * @param edits of its source
 * @param group the group of the kit's tests that finds it
 * @param test the test in that group that must find it; empty if any may, the fault being a race
 */
record Fault(String name, String file, List<Edit> edits, String group, String test) {
  /**
   * A change of a source.
   *
   * @param right a part of it, blanks and line ends aside, that occurs once
   * @param wrong what stands there instead
   */
  record Edit(String right, String wrong) {}

  Fault(String name, String file, String right, String wrong, String group, String test) {
    this(name, file, List.of(new Edit(right, wrong)), group, test);
  }

  @Override
  public String toString() {
    return name;
  }
}
