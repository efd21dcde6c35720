package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.WrongInput;

/** A prompt whose lines run in another process, which also completes them. */
final class RemotePrompt {
  /** Each of these words ends it. */
  static final Set<String> ENDS = Set.of("exit", "quit", "logout", "bye", "q");

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ControlClient client;

  RemotePrompt(ControlClient client) {
    this.client = client;
  }

  void run() throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(TerminalBuilder.class.getClassLoader()); // it finds the providers
    try (Terminal terminal =
        TerminalBuilder.builder().name("pagewheel").system(true).nativeSignals(true).build()) {
      loop(terminal);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private void loop(Terminal terminal) throws IOException {
    DefaultParser parser = new DefaultParser();
    parser.setEofOnUnclosedQuote(false);
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(parser)
            .completer((r, line, candidates) -> complete(line, candidates))
            .build();
    reader.setOpt(LineReader.Option.AUTO_FRESH_LINE);
    reader.setOpt(LineReader.Option.DISABLE_EVENT_EXPANSION); // ! removes a trigger
    PrintStream out = new PrintStream(terminal.output(), false, terminal.encoding());
    AtomicBoolean stop = new AtomicBoolean();
    terminal.handle(Terminal.Signal.INT, signal -> stop.set(true));
    while (true) {
      try {
        String line = reader.readLine(client.pid() + "> ");
        if (ENDS.contains(line.strip())) {
          return;
        }
        stop.set(false);
        if (!line.isBlank()) {
          new RemoteCommands(client, out, true, Math.max(1, terminal.getWidth()))
              .run(line, stop::get);
        }
      } catch (UserInterruptException e) {
        // the line is given up
      } catch (EndOfFileException e) {
        return;
      } catch (CommandFailed | WrongInput e) {
        out.println(Printable.of(e.getMessage()));
        out.flush();
      }
    }
  }

  private void complete(ParsedLine line, List<Candidate> candidates) {
    try {
      client
          .ask(Frame.of(Frame.COMPLETE, line.line().substring(0, line.cursor())), PATIENCE)
          .text()
          .lines()
          .forEach(each -> candidates.add(candidate(Printable.line(each))));
    } catch (IOException e) {
      // the next command says what is wrong
    }
  }

  /** After a key and its {@code =} the value follows at once. */
  private static Candidate candidate(String word) {
    return new Candidate(word, word, null, null, null, null, !word.endsWith("="));
  }
}
