package org.pagewheel.analysis;

import java.util.List;

/** An answer, for people and for programs. Immutable. */
public interface Answer {
  /**
   * The answer for people.
   *
   * @param style the layout
   * @return lines
   */
  List<String> text(Style style);

  /**
   * The answer for programs.
   *
   * @param style says what times are
   * @return one object in one line of JSON
   */
  String json(Style style);

  /**
   * Notes on the answer that its text does not contain, such as that the trace lost events.
   *
   * @return one line each
   */
  default List<String> notes() {
    return List.of();
  }

  /**
   * What could not be read, so that the answer covers only the rest.
   *
   * @return one line each, with the file and the place
   */
  List<String> problems();
}
