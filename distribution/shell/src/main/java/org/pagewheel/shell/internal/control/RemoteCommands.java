package org.pagewheel.shell.internal.control;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.pagewheel.shell.internal.print.CommandFailed;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.shell.internal.print.WrongInput;

/** Runs commands in another process: their output appears here as it comes. */
final class RemoteCommands {
  /** How often to check whether the user has ended it. */
  private static final Duration LOOK = Duration.ofMillis(50);

  private final ControlClient client;
  private final PrintStream out;
  private final boolean watched;
  private final int columns;

  /**
   * Makes them.
   *
   * @param watched whether a person is watching: then control characters are escaped
   * @param columns how wide that person's terminal is
   */
  RemoteCommands(ControlClient client, PrintStream out, boolean watched, int columns) {
    this.client = client;
    this.out = out;
    this.watched = watched;
    this.columns = columns;
  }

  /**
   * Runs a line to its end.
   *
   * @param commands the line
   * @param stop whether the user has ended it
   * @throws CommandFailed if it failed there
   * @throws WrongInput if its arguments were wrong
   */
  void run(String commands, BooleanSupplier stop) throws IOException {
    Frame request = Frame.of(Frame.EXECUTE, (watched ? columns : 0) + "\n" + commands);
    if (request.body().length > Frame.MAX_BODY) {
      throw new WrongInput("a line of commands is at most 64 KiB long");
    }
    client.begin(request);
    Text output = new Text(out);
    Text errors = new Text(System.err);
    boolean asked = false;
    while (true) {
      Frame frame = client.poll(LOOK);
      if (!asked && (stop.getAsBoolean() || out.checkError())) {
        client.send(new Frame(Frame.INTERRUPT, new byte[0]));
        asked = true;
      }
      if (frame != null && frame.type() == Frame.RESULT) {
        end(frame, asked);
        return;
      } else if (frame != null && frame.type() == Frame.OUTPUT) {
        output.print(frame.body());
      } else if (frame != null && frame.type() == Frame.ERRORS) {
        errors.print(frame.body());
      }
    }
  }

  private static void end(Frame result, boolean asked) throws CommandFailed {
    byte[] body = result.body();
    String complaint =
        new String(
            body, Math.min(1, body.length), Math.max(0, body.length - 1), StandardCharsets.UTF_8);
    int status = body.length == 0 ? 1 : body[0];
    if (status == Program.Status.DONE.ordinal() || asked) {
      return;
    }
    if (status == Program.Status.WRONG.ordinal()) {
      throw new WrongInput(complaint);
    }
    throw new CommandFailed(complaint);
  }

  /** Characters may come in pieces. */
  private final class Text {
    private final PrintStream destination;
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] begun = new byte[0];

    Text(PrintStream destination) {
      this.destination = destination;
    }

    void print(byte[] bytes) {
      ByteBuffer in = ByteBuffer.allocate(begun.length + bytes.length).put(begun).put(bytes).flip();
      CharBuffer chars = CharBuffer.allocate(in.remaining());
      decoder.reset().decode(in, chars, false);
      begun = new byte[in.remaining()];
      in.get(begun);
      String text = chars.flip().toString();
      destination.print(watched ? Printable.of(text) : text);
      destination.flush();
    }
  }
}
