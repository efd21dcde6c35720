package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageLayout;

/**
 * How often each value of some fields of an event occurs, and the sums of others: the kernel's
 * {@code hist} trigger, applied to a trace. As there, values beyond a limit are counted as dropped.
 */
public final class EventHistogram implements Answer {
  private static final String HITS = "hitcount";
  private static final int USUAL_SIZE = 1 << 16;
  private static final int MAX_SIZE = 1 << 18;
  private static final int MAX_ROWS = 60;
  private static final Pattern PART = Pattern.compile("([a-z]+)=(.*)");

  /** One value, its count, and the sums. */
  private record Entry(List<Object> keys, long[] sums) {
    long hits() {
      return sums[0];
    }
  }

  private final String event;
  private final List<HistogramKey> keys = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  private final List<String> sorts = new ArrayList<>();
  private final Map<List<Object>, Entry> found = new HashMap<>();
  private final List<Entry> entries = new ArrayList<>();
  private final Problems problems = new Problems();
  private int size = USUAL_SIZE;
  private long hits;
  private long dropped;
  private long lost;

  /** How many values are shown as text. */
  private final int top;

  private EventHistogram(Condition condition, int top) {
    event = condition.text();
    this.top = top > 0 ? top : MAX_ROWS;
  }

  /**
   * Computes the answer.
   *
   * @param traces stay open
   * @param condition which events
   * @param fields fields such as {@code id} or {@code took.log2}; or the kernel's {@code
   *     keys=a,b.log2:vals=c:sort=c.descending:size=100}
   * @return the answer
   * @throws IOException if nothing can be read
   */
  public static EventHistogram of(List<Trace> traces, Condition condition, List<String> fields)
      throws IOException {
    return of(traces, condition, fields, 0);
  }

  /**
   * Computes the answer, and shows more.
   *
   * @param traces stay open
   * @param condition which events
   * @param fields as above
   * @param top how many values the text shows; 0 for 60
   * @return the answer
   * @throws IOException if nothing can be read
   */
  public static EventHistogram of(
      List<Trace> traces, Condition condition, List<String> fields, int top) throws IOException {
    EventHistogram histogram = empty(condition, fields, top);
    histogram.count(traces, condition.in(traces));
    return histogram;
  }

  /** One that has counted nothing yet. */
  static EventHistogram empty(Condition condition, List<String> fields, int top) {
    EventHistogram histogram = new EventHistogram(condition, top);
    for (String each : fields) {
      histogram.parse(each.startsWith("hist:") ? each.substring("hist:".length()) : each);
    }
    histogram.values.remove(HITS);
    if (histogram.keys.isEmpty()) {
      throw wrong("no key is named");
    }
    histogram.order();
    return histogram;
  }

  private void parse(String text) {
    if (!PART.matcher(text.split(":", 2)[0]).matches() || text.matches("\\w+\\.buckets=\\d+")) {
      keys.add(HistogramKey.of(text));
      return;
    }
    for (String part : text.split(":", -1)) {
      Matcher setting = PART.matcher(part);
      if (!setting.matches()) {
        throw wrong("'" + part + "'");
      }
      List<String> names = List.of(setting.group(2).split(","));
      switch (setting.group(1)) {
        case "keys", "key" -> names.forEach(name -> keys.add(HistogramKey.of(name)));
        case "vals", "values", "val" -> values.addAll(names);
        case "sort" -> sorts.addAll(names);
        case "size" -> size = size(setting.group(2));
        default -> throw wrong("there is no '" + setting.group(1) + "'");
      }
    }
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "hist: " + what + ": keys=FIELD,...:vals=FIELD,...:sort=FIELD.descending:size=N is right");
  }

  private static int size(String text) {
    if (text.matches("\\d{1,6}") && Integer.parseInt(text) > 0) {
      return Math.min(MAX_SIZE, Integer.parseInt(text));
    }
    throw wrong("the size must be from 1 to " + MAX_SIZE + ", not '" + text + "'");
  }

  private void count(List<Trace> traces, Matching matching) throws IOException {
    check(matching.formats());
    Cells cells = new Cells(traces);
    for (int i = 0; i < traces.size(); i++) {
      for (Lane lane : traces.get(i).lanes()) {
        LaneEvents at = new LaneEvents(i, traces.get(i), lane, problems);
        HistogramKey.Row row = row(cells, at);
        while (at.next()) {
          if (matching.test(at)) {
            add(row);
          }
        }
        lost = PageLayout.sumOfMissed(lost, at.lost());
      }
      lost = PageLayout.sumOfMissed(lost, traces.get(i).refused());
      traces.get(i).warnings().forEach(problems::add);
    }
    sort();
  }

  /** Refuses types that lack what is asked for. */
  void check(Collection<EventFormat> formats) {
    keys.forEach(key -> key.check(formats));
    values.forEach(value -> Cells.checkAll("vals", value, formats));
  }

  /** What was counted until now becomes the answer. */
  void sort() {
    entries.clear();
    entries.addAll(found.values());
    entries.sort(order());
  }

  private static HistogramKey.Row row(Cells cells, LaneEvents at) {
    return new HistogramKey.Row() {
      @Override
      public Object value(String column) {
        return cells.value(column, at);
      }

      @Override
      public Object number(String column) {
        return cells.number(column, at);
      }
    };
  }

  /** Counts an event. */
  void add(HistogramKey.Row row) {
    hits++;
    Object[] key = new Object[keys.size()];
    for (int i = 0; i < key.length; i++) {
      key[i] = keys.get(i).value(row);
    }
    List<Object> list = List.of(key);
    Entry entry = found.get(list);
    if (entry == null) {
      if (found.size() >= size) {
        dropped++;
        return;
      }
      entry = new Entry(list, new long[values.size() + 1]);
      found.put(list, entry);
    }
    entry.sums[0]++;
    for (int i = 0; i < values.size(); i++) {
      Object value = row.number(values.get(i));
      entry.sums[i + 1] += value instanceof Number number ? number.longValue() : 0;
    }
  }

  /** Buckets in their own order, unless another is given; values by frequency. */
  private Comparator<Entry> order() {
    Comparator<Entry> byKey = (a, b) -> compare(a.keys, b.keys);
    boolean isScale =
        keys.stream()
            .allMatch(
                key -> key.way() == HistogramKey.Way.LOG2 || key.way() == HistogramKey.Way.BUCKETS);
    Comparator<Entry> order = isScale ? null : Comparator.comparingLong(Entry::hits).reversed();
    for (int i = 0; i < sorts.size(); i++) {
      order = i == 0 ? order(sorts.get(i)) : order.thenComparing(order(sorts.get(i)));
    }
    return order == null ? byKey : order.thenComparing(byKey);
  }

  private Comparator<Entry> order(String sort) {
    boolean isDescending = sort.endsWith(".descending");
    String name = sort.replaceFirst("\\.(de|a)scending$", "");
    int value = name.equals(HITS) ? 0 : values.indexOf(name) + 1;
    int key = 0;
    while (key < keys.size() && !isNamed(keys.get(key), name)) {
      key++;
    }
    if (value == 0 && !name.equals(HITS) && key == keys.size()) {
      throw wrong("sort=" + sort + " is neither a key, nor a value, nor hitcount");
    }
    int index = key;
    Comparator<Entry> order =
        key < keys.size()
            ? (a, b) -> compare(List.of(a.keys.get(index)), List.of(b.keys.get(index)))
            : Comparator.comparingLong(entry -> entry.sums[value]);
    return isDescending ? order.reversed() : order;
  }

  private static boolean isNamed(HistogramKey key, String name) {
    return key.field().equals(name) || name.equals("common_pid") && key.field().equals(Cells.TID);
  }

  private static int compare(List<Object> a, List<Object> b) {
    for (int i = 0; i < a.size(); i++) {
      int order = Ranking.compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  long hits() {
    return hits;
  }

  void lost(long events) {
    lost = events;
  }

  @Override
  public List<String> notes() {
    return Words.lossNote(lost);
  }

  @Override
  public List<String> problems() {
    return problems.lines();
  }

  @Override
  public List<String> text(Style style) {
    List<String> lines = new ArrayList<>();
    lines.add(
        Words.name(
            "%s: %s, %s%s"
                .formatted(
                    event,
                    Words.count(hits, "event"),
                    Words.count(entries.size(), "value"),
                    dropped == 0 ? "" : ", " + Words.number(dropped) + " events without room")));
    List<String> heading = new ArrayList<>();
    StringJoiner names = new StringJoiner(" ");
    keys.forEach(key -> names.add(key.field()));
    heading.add(names.toString());
    heading.add(HITS);
    heading.addAll(values);
    heading.add("");
    Rows rows = new Rows().add(heading.toArray(String[]::new));
    long most = entries.stream().mapToLong(Entry::hits).max().orElse(0);
    for (Entry entry : entries.subList(0, Math.min(top, entries.size()))) {
      List<String> row = new ArrayList<>();
      StringJoiner key = new StringJoiner(" ");
      for (int i = 0; i < keys.size(); i++) {
        key.add(keys.get(i).text(entry.keys.get(i)));
      }
      row.add(Words.name(key.toString()));
      for (long sum : entry.sums) {
        row.add(Words.number(sum));
      }
      row.add(Words.bar(entry.hits(), most, style.columns() / 4, style));
      rows.add(row.toArray(String[]::new));
    }
    if (!entries.isEmpty()) {
      lines.addAll(rows.lines(style.columns()));
    }
    Words.more(entries.size(), top, "value", style, lines);
    return lines;
  }

  @Override
  public String json(Style style) {
    Json json = new Json().open('{').key("event").value(event).key("hits").value(hits);
    json.key("dropped").value(dropped).key("entries").open('[');
    for (Entry entry : entries) {
      json.open('{').key("keys").open('{');
      for (int i = 0; i < keys.size(); i++) {
        json.key(keys.get(i).field()).any(entry.keys.get(i));
      }
      json.close('}').key(HITS).value(entry.hits());
      for (int i = 0; i < values.size(); i++) {
        json.key(values.get(i)).value(entry.sums[i + 1]);
      }
      json.close('}');
    }
    return json.close(']')
        .key("lost")
        .count(lost)
        .key("problems")
        .any(problems())
        .close('}')
        .take();
  }
}
