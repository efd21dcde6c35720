package org.pagewheel.analysis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lines for events, as {@link Query} writes them. */
final class RowSink implements EventSink {
  private static final Style STYLE = new Style(Integer.MAX_VALUE, false, false);

  private final RowWriter rows;
  private final OutputStream out;

  RowSink(List<Trace> traces, boolean isCsv, OutputStream out) {
    Cells cells = new Cells(traces);
    List<String> columns = new ArrayList<>(Cells.COMMON);
    columns.add(Cells.FIELDS);
    this.rows =
        isCsv ? new ColumnRows(cells, STYLE, columns, true) : new JsonRows(cells, STYLE, null);
    this.out = out;
  }

  @Override
  public void begin() throws IOException {
    if (rows.header() != null) {
      write(rows.header());
    }
  }

  @Override
  public void event(LaneEvents at) throws IOException {
    write(rows.row(at));
  }

  @Override
  public void lost(LaneEvents at, long missed) throws IOException {
    if (rows.hasLosses()) {
      write(rows.loss(at, missed));
    }
  }

  @Override
  public void end() {
    // a line is whole when it is written
  }

  private void write(String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }
}
