package org.pagewheel.tracedat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The account of a CPU, an option CPUSTAT. An instance is named with its first CPU alone, and those
 * of its other CPUs follow.
 */
record CpuAccount(String buffer, int cpu, String lines) {
  private static final String BUFFER = "Buffer: ";
  private static final Pattern TEXT =
      Pattern.compile("(?s)(?:" + BUFFER + "([^\n]*)\n+)?(CPU: (\\d{1,5})\n.*)");

  /** Those of a file, in its order; options of another form are left out. */
  static List<CpuAccount> of(List<TraceOption> options) {
    List<CpuAccount> accounts = new ArrayList<>();
    String buffer = "";
    for (TraceOption option : options) {
      Matcher account = TEXT.matcher(option.id() == TraceOption.CPUSTAT ? option.text() : "");
      if (account.matches()) {
        int cpu = Integer.parseInt(account.group(3));
        String named = account.group(1);
        buffer = named != null ? named.strip() : cpu == 0 ? "" : buffer;
        accounts.add(new CpuAccount(buffer, cpu, account.group(2)));
      }
    }
    return accounts;
  }

  /** The option, for a buffer of another name. */
  TraceOption option(String name) {
    String title = cpu == 0 && !name.isEmpty() ? BUFFER + name + "\n\n" : "";
    return TraceOption.text(TraceOption.CPUSTAT, title + lines);
  }
}
