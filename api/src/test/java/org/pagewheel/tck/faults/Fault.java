package org.pagewheel.tck.faults;

/**
 * A mistake that a backend's author might make: an edit of the simplest backend's source.
 *
 * @param name what is wrong
 * @param file the class that is edited
 * @param right a part of its source, blanks and line ends aside, that occurs once
 * @param wrong what stands there instead
 * @param group the group of the kit's tests that finds it
 * @param test the test in that group that must find it; empty if any may, the fault being a race
 */
record Fault(String name, String file, String right, String wrong, String group, String test) {
  @Override
  public String toString() {
    return name;
  }
}
