package org.pagewheel.analysis;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Answers questions in SQL about the tables of traces. An add-on registers one as a service; for
 * one thread at a time each.
 *
 * <p>Nothing but the tables is read, and nothing but the output written. A question that cannot be
 * asked is an {@link IllegalArgumentException}, one that fails while it is answered an {@link
 * IOException}; both have a message of one line in the words of the database.
 */
public interface SqlEngine {
  /** Takes the rows of an answer. */
  interface Rows {
    /**
     * The columns, before the first row.
     *
     * @param names their names, of which two may be equal
     * @param areNumbers whether the values of each are numbers
     * @throws IOException if they cannot be written
     */
    void columns(List<String> names, List<Boolean> areNumbers) throws IOException;

    /**
     * A row.
     *
     * @param values a {@code Boolean}, a {@code Number}, a {@code String}, a {@code List} or {@code
     *     Map} of such, or null, for each column
     * @return whether more are wanted
     * @throws IOException if it cannot be written
     */
    boolean row(List<Object> values) throws IOException;
  }

  /**
   * Fills the tables that a question names, and answers it.
   *
   * @param tables of the traces
   * @param sql the question
   * @param rows takes the answer
   * @throws IOException if a trace cannot be read, the question not be answered, or the answer not
   *     be written
   */
  void ask(Tables tables, String sql, Rows rows) throws IOException;

  /**
   * The same, with the answer as a file of Apache Parquet.
   *
   * @param tables of the traces
   * @param sql the question
   * @param out gets the file
   * @return how many rows it has
   * @throws IOException as of {@link #ask}
   */
  long parquet(Tables tables, String sql, OutputStream out) throws IOException;
}
