package org.pagewheel.shell.internal.analysis;

import java.io.IOException;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.pagewheel.analysis.Summary;

/** Commands that ask questions of traces. */
public final class AnalysisCommands {
  /** The functions of this class, for Gogo. */
  public static final String[] FUNCTIONS = {"summary"};

  private static final String SUMMARY =
      """
      summary [--json] [--wall] FILE...

      What is in a trace: its time, CPUs, threads and types, how much of each, when, and what was
      lost. Several files are taken together, such as those of one recording.
      """;

  /**
   * What is in traces.
   *
   * @param session knows the directory that a relative path is meant in
   * @param arguments files and options
   * @throws IOException if one cannot be read
   */
  @Descriptor("what is in a trace: time, CPUs, threads, types, rates and losses")
  public void summary(
      CommandSession session, @Descriptor("[--json] [--wall] FILE...") String... arguments)
      throws IOException {
    Question question = new Question(session, SUMMARY, Set.of(), Set.of(), arguments);
    if (question.isHelp()) {
      return;
    }
    try (Asked asked = Asked.open(question.paths(question.options().plain()))) {
      question.checkWall(asked.traces());
      question.answer(Summary.of(asked.traces()));
    }
  }
}
