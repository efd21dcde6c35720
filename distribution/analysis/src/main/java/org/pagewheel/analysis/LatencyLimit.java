package org.pagewheel.analysis;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.spi.Nearest;

/**
 * What is asked of latencies while they are observed: {@code latency > 50 ms}, {@code p99 > 5 ms
 * over 10 s}, or {@code failed} for spans left without the result that their type has. Immutable.
 */
public final class LatencyLimit {
  /** What is looked at. */
  enum Kind {
    /** Each. */
    LONGER,
    /** Each span without its result. */
    FAILED,
    /** A percentile of those of a time. */
    PERCENTILE
  }

  private static final String LATENCY = "latency";
  private static final String FAILED = "failed";
  private static final String TIME = "\\d{1,18}(?:\\.\\d{1,9})?\\s*(?:ns|us|ms|s|min|h)";

  /** Only times have a unit: a number alone is compared with a field of the event. */
  private static final Pattern FORM =
      Pattern.compile(
          "([A-Za-z]\\w*(?:\\.\\d+)?)\\s*([<>=!]+)\\s*("
              + TIME
              + ")(?:\\s+over\\s+(.+?))?(?:\\s*&&\\s*(.+))?");

  private static final Pattern FAILED_FORM = Pattern.compile("failed(?:\\s*&&\\s*(.+))?");
  private static final Pattern PERCENTILE = Pattern.compile("p(\\d{1,2}(?:\\.\\d{1,3})?)");
  private static final long MIN_WINDOW = 100_000_000;
  private static final long MAX_WINDOW = 3600L * 1_000_000_000;

  final Kind kind;

  /** It is longer than that, by the clock. */
  final long limit;

  /** Of {@link Kind#PERCENTILE}. */
  final double percentile;

  /** The time that a percentile is taken over. */
  final long window;

  private final String text;
  private final String filter;

  private LatencyLimit(
      Kind kind, long limit, double percentile, long window, String text, String filter) {
    this.kind = kind;
    this.limit = limit;
    this.percentile = percentile;
    this.window = window;
    this.text = text;
    this.filter = filter;
  }

  /**
   * Reads one.
   *
   * @param text the condition after {@code if}
   * @return empty if it asks for the fields of events alone
   * @throws IllegalArgumentException if it asks for latencies in another form, in one line
   */
  public static Optional<LatencyLimit> of(String text) {
    Matcher failed = FAILED_FORM.matcher(text.strip());
    if (failed.matches()) {
      return Optional.of(new LatencyLimit(Kind.FAILED, 0, 0, 0, FAILED, failed.group(1)));
    }
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      return Optional.empty();
    }
    String measure = form.group(1);
    Matcher percentile = PERCENTILE.matcher(measure);
    boolean isPercentile = percentile.matches();
    if (!isPercentile && !measure.equals(LATENCY)) {
      throw new IllegalArgumentException(
          "'"
              + text.strip()
              + "': there is no measure "
              + measure
              + ", "
              + Nearest.hint(measure, List.of(LATENCY, "p50", "p90", "p99", "p99.9")));
    }
    String operator = form.group(2);
    if (!operator.equals(">") && !operator.equals(">=")) {
      throw new IllegalArgumentException(
          "'" + text.strip() + "': " + measure + " can be asked for > and >= alone");
    }
    long length = TimeText.duration(measure, form.group(3), true);
    long limit = operator.equals(">") ? length : Math.max(0, length - 1);
    String words = measure + " " + operator + " " + plain(form.group(3));
    if (!isPercentile) {
      if (form.group(4) != null) {
        throw new IllegalArgumentException(
            "'" + text.strip() + "': over is for percentiles, such as p99 > 5 ms over 10 s");
      }
      return Optional.of(new LatencyLimit(Kind.LONGER, limit, 0, 0, words, form.group(5)));
    }
    if (form.group(4) == null) {
      throw new IllegalArgumentException(
          "'" + text.strip() + "': a percentile needs a time, such as " + words + " over 10 s");
    }
    long window = TimeText.duration("over", form.group(4), true);
    if (window < MIN_WINDOW || window > MAX_WINDOW) {
      throw new IllegalArgumentException("over '" + form.group(4) + "' must be from 100 ms to 1 h");
    }
    double of = Double.parseDouble(percentile.group(1));
    if (of == 0) {
      throw new IllegalArgumentException("'" + text.strip() + "': p50 or p99.9 would be right");
    }
    String whole = words + " over " + plain(form.group(4));
    return Optional.of(new LatencyLimit(Kind.PERCENTILE, limit, of, window, whole, form.group(5)));
  }

  /** One way to write a time. */
  private static String plain(String time) {
    return time.strip().replaceFirst("\\s*([a-z]+)$", " $1");
  }

  /**
   * What must hold for the fields of the events beside.
   *
   * @return a filter's text; empty if nothing must
   */
  public Optional<String> filter() {
    return Optional.ofNullable(filter);
  }

  /**
   * What is asked for, without the filter.
   *
   * @return in one way to write it
   */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LatencyLimit limit
        && limit.text.equals(text)
        && Objects.equals(limit.filter, filter);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, filter);
  }
}
