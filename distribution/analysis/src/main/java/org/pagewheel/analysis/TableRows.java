package org.pagewheel.analysis;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;

/** Takes the rows of a {@link Table}, value by value in the order of its columns. */
public interface TableRows {
  /**
   * A whole number.
   *
   * @param value the number; of an unsigned one the bits
   * @throws IOException if it cannot be stored
   */
  void number(long value) throws IOException;

  /**
   * A whole number that may have more than 64 bits.
   *
   * @param value the number
   * @throws IOException if it cannot be stored
   */
  void huge(BigInteger value) throws IOException;

  /**
   * A double.
   *
   * @param value the number
   * @throws IOException if it cannot be stored
   */
  void real(double value) throws IOException;

  /**
   * A boolean.
   *
   * @param value the value
   * @throws IOException if it cannot be stored
   */
  void flag(boolean value) throws IOException;

  /**
   * A text.
   *
   * @param value the text
   * @throws IOException if it cannot be stored
   */
  void text(String value) throws IOException;

  /**
   * Bytes.
   *
   * @param value not changed afterwards
   * @throws IOException if they cannot be stored
   */
  void bytes(byte[] value) throws IOException;

  /**
   * A time of day.
   *
   * @param nanos nanoseconds since 1970
   * @throws IOException if it cannot be stored
   */
  void time(long nanos) throws IOException;

  /**
   * A list.
   *
   * @param array a {@code long[]}, {@code double[]} or {@code boolean[]}
   * @throws IOException if it cannot be stored
   */
  void list(Object array) throws IOException;

  /**
   * Texts by their names.
   *
   * @param value in the order in which they are shown
   * @throws IOException if they cannot be stored
   */
  void texts(Map<String, String> value) throws IOException;

  /**
   * A value that is missing.
   *
   * @throws IOException if it cannot be stored
   */
  void nothing() throws IOException;

  /**
   * The row is complete.
   *
   * @throws IOException if it cannot be stored
   */
  void end() throws IOException;
}
