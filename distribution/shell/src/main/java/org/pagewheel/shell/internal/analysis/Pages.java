package org.pagewheel.shell.internal.analysis;

/** What {@code --help} prints of each question: usage, options, an example. */
final class Pages {
  static final String SUMMARY =
      """
      summary [OPTION]... FILE...

      What is in a trace: its time, CPUs, threads and types, how much of each, when,
      and what was lost. Several files are taken together, as those of one recording.

        --top N         so many types, threads and CPUs (so many that they fit a screen)
      """;

  static final String QUERY =
      """
      query [OPTION]... FILE... [CONDITION]

      The events of traces, as trace-cmd report prints them, merged by time.
      CONDITION is EVENT, FILTER, or EVENT if FILTER. EVENT is system:name, a name, that
      of a span for its begins and ends, or a pattern with *; FILTER is the kernel's:
      id == 7 && (side == BUY || venue ~ "X*").

        --thread NAME|TID     only of this thread, or of several; NAME may have a *
        --between FROM TO     only of a time: as it is printed, +2s after the first
                              event, or such as 2026-11-30T09:15:00
        --around CONDITION    only of what happened around these events,
        --before 2s           so long before them (1s),
        --after 500ms         and so long after them (1s)
        --columns A,B,...     of time, cpu, tid, thread, event, fields and the names of fields
        --sort COLUMN         the greatest first; COLUMN.ascending: the least first
        --top N               only the first N lines
        --csv                 comma-separated values with a line of headings
        -t                    times with nine places, as of trace-cmd report -t
        --off-cpu             not the events, but why spans took their time, see below

      With --off-cpu FILE has the kernel's scheduling, too, as record --kernel sched makes it.
      The time of each span is split into running, runnable (it waits for a CPU), blocked
      (S sleeps, D most often waits for a disk), gc and safepoint (pauses of the JVM while it
      did not run), and unknown (events are lost, or it is before the first one). The 20 that
      were off their CPUs the longest come first, with who woke them from their longest
      block; below them all, by type. CONDITION, --thread and --between choose spans, which
      begin in that time; where there are none, it is about threads. --csv and --json have
      lengths in nanoseconds; --json a line for each type, too.
        query both.dat --off-cpu 'place if symbol == "ACME"' --top 5

      For example, the two seconds before a mark:
        query shop.dat --around 'print if buf ~ "*timeout*"' --before 2s --after 0s
      """;

  static final String LATENCY =
      """
      latency [OPTION]... FILE...|BUFFER SPAN|FIRST SECOND

      How long spans take, or it takes from one event to another of the same key, over
      threads and CPUs: percentiles, a histogram, and the slowest with what their threads
      and the JVM did meanwhile.
      SPAN is the name of a span or NAME if FILTER: that of its events without _begin and
      _end, or that of an event with a duration. FIRST and SECOND are EVENT or EVENT if
      FILTER, see query --help.

        --by FIELD            what belongs together has the same value of it, or of all
                              if there are several; FIELD may be tid (so without --by)
                              or cpu; a=b is a in FIRST and b in SECOND
        --over 5ms            counts what takes longer
        --top N               so many of the slowest, at most 100 (5)
        --within 10s          a FIRST waits so long for its SECOND (for ever)
        --pending N           so many wait at once, then the oldest is given up (1,048,576)

      Of a BUFFER of this process they are observed from the first time on that it is asked;
      asked again, it shows what was found until then. 65,536 begins wait, a minute each.
      There --by may be left out: what comes after SECOND are fields.

        --list                what is observed
        --stop                shows what was found, and ends it

      For example:
        latency shop.dat order_placed order_filled --by id --over 5ms
        latency main order_placed order_filled id
        latency shop.dat 'place if symbol == "ACME"' --over 5ms
      """;

  static final String HIST =
      """
      hist [OPTION]... FILE...|BUFFER EVENT FIELD

      How often each value of a field comes. EVENT may be EVENT if FILTER, see
      query --help. FIELD may be tid, thread or cpu, and end with .log2, .hex or
      .buckets=10. Instead of it the kernel's words are taken:
      keys=a,b.log2:vals=c:sort=c.descending:size=100

        --by FIELD            and of another field; may be given several times
        --top N               so many values (60)

      Of a BUFFER of this process they are counted from the first time on that it is asked;
      asked again, it shows what was counted until then. Values beyond 65,536 have no room.

        --list                what is counted
        --stop                shows what was counted, and ends it

      For example:
        hist shop.dat order_priced took.log2 --by symbol
        hist main order_priced took.log2 --by symbol
      """;

  static final String RATE =
      """
      rate [OPTION]... FILE... [CONDITION]

      How many events there are in each slice of time. CONDITION chooses them, see
      query --help.

        --every 100ms         how long a slice is (so long that about twenty are enough)

      For example:
        rate shop.dat order_filled --every 1s
      """;

  static final String TIMELINE =
      """
      timeline [OPTION]... FILE... [CONDITION]

      When each thread wrote events: threads down, time across, a bar for how many. Below
      them what lasted and says so, such as garbage collections, and where events were lost.
      CONDITION chooses the events, see query --help.

        --top N               so many threads (20)

      For example:
        timeline shop.dat
      """;

  static final String DIFF =
      """
      diff [OPTION]... FILE FILE

      What has changed from one trace to another: counts of each type, and how much
      more or less often it comes in a second, with the interval that holds the true
      factor with a confidence of 95 %.

        --top N               so many types (60)

      For example:
        diff monday.dat tuesday.dat
      """;

  static final String EXPORT =
      """
      export [OPTION]... FILE... [CONDITION] -o FILE

      Writes the events of traces in another tool's format. CONDITION chooses them, see
      query --help. Points are events, slices are calls and what says how long it took.

        -o FILE               where to; - is the standard output
        --format FORMAT       perfetto: for ui.perfetto.dev (.pftrace, and else)
                              chrome:   the JSON of about:tracing (.json)
                              csv:      comma-separated values (.csv)
                              jsonl:    a JSON object in each line (.jsonl)
                              ctf:      a directory for babeltrace2 (.ctf)
                              otlp-json: OpenTelemetry's, a request in each line (.otlp)

      For example:
        export shop.dat -o shop.pftrace
      """;

  static final String SQL =
      """
      sql [OPTION]... FILE... SQL

      Answers a question in SQL, by DuckDB. Each event type is a table: shop.order_filled,
      also shop_order_filled, and order_filled if only one system has it. Its columns are
      ts (ns), cpu, tid, thread, buffer and the event's fields; a field with the name of
      an earlier column, in any case, ends with _2. Others are
        events   ts, cpu, tid, thread, buffer, type, text
        spans    ts, end_ts, duration, tid, thread, buffer, type, id, failed, fields
        threads  tid, thread
        losses   ts, cpu, buffer, count (NULL: unknown), cause
      Only tables that SQL names are filled. It can read and write nothing else.

        -o FILE               where to, instead of the standard output
        --format FORMAT       text, csv, jsonl or parquet (or by the ending of FILE)

      For example:
        sql shop.dat 'select side, count(*), avg(qty) from order_filled group by side'
      """;

  static final String SPLIT =
      """
      split [OPTION]... FILE -o OUT.dat

      Makes a trace.dat of a part of a trace.dat: all its buffers, with names, symbols and
      losses. The rings' accounts stay unless a time is given.

        --between FROM TO     only of a time: as it is printed, or +2s after the first event
        --cpu 0-3,7           only of these CPUs
        --buffer NAME         only of this buffer; may be given several times. The one
                              without a name is called top
        -o OUT.dat            the file to make

      For example:
        split shop.dat --between +2s +3s -o part.dat
      """;

  static final String EXTRACT =
      """
      extract [OPTION]... FILE CONDITION -o OUT.dat

      Makes a trace.dat of the events that CONDITION chooses, see query --help: with all
      buffers, names and symbols. What was lost before such an event is lost before it.

        --between FROM TO     only of a time: as it is printed, or +2s after the first event
        --cpu 0-3,7           only of these CPUs
        --buffer NAME         only of this buffer; may be given several times. The one
                              without a name is called top
        -o OUT.dat            the file to make

      For example:
        extract shop.dat 'order_filled if qty > 400' -o large.dat
      """;

  private Pages() {}
}
