package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pagewheel.Buffer;
import org.pagewheel.format.PageLayout;
import org.pagewheel.runtime.BufferStatus;
import org.pagewheel.shell.internal.declaration.Call;
import org.pagewheel.shell.internal.declaration.Command;
import org.pagewheel.shell.internal.declaration.Kind;
import org.pagewheel.shell.internal.print.CommandFailed;

/** Command mark: a line of text among a buffer's events. */
public final class MarkCommand {
  /** What a mark has besides its text, see {@link Buffer#mark}. */
  private static final int MARK_BYTES = 17;

  private final Services services;

  public MarkCommand(Services services) {
    this.services = services;
  }

  /** The declaration. */
  public List<Command> commands() {
    return List.of(
        Command.named("mark", "write a line of text into a buffer, among its events")
            .word("BUFFER", Kind.BUFFER)
            .many("TEXT", Kind.NEW)
            .text()
            .means("the buffer, then the text")
            .example("mark main the load begins", "seen by ring:cat and trace-cmd report")
            .fails("the buffer refused it, because recording is off")
            .runs(this::mark));
  }

  private String mark(Call call) throws IOException {
    Buffer buffer = services.buffers().get(call.word(0));
    String text = String.join(" ", call.plain().subList(1, call.plain().size()));
    if (!buffer.mark(text)) {
      throw new CommandFailed("buffer " + buffer.name() + " refused the mark: " + why(buffer));
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    int most = PageLayout.maxEventSize(buffer.readers().pageSize()) - MARK_BYTES;
    return bytes <= most
        ? null
        : String.format(
            Locale.ROOT,
            "at most the first %,d of %,d bytes were kept: an event lies in one page",
            most,
            bytes);
  }

  private String why(Buffer buffer) {
    Optional<String> problem = services.status(buffer).flatMap(BufferStatus::problem);
    if (!buffer.isOn() && problem.isPresent()) {
      return problem.get();
    }
    String reason = buffer.offReason().orElse("recording is off");
    return switch (buffer.recording()) {
      case ON -> "see ring:stats " + buffer.name();
      case NO_CPU -> "it records on no CPU; ring:cpus " + buffer.name() + " all chooses all";
      case PAUSED -> reason + "; it records again once that ends";
      case OFF -> reason + "; ring:on " + buffer.name() + " turns it on";
    };
  }
}
