package org.pagewheel.shell.internal.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pagewheel.shell.internal.print.Printable;
import org.pagewheel.spi.Reason;

/**
 * Rewrites errors that commands of Gogo and Felix report themselves: they print an exception as it
 * is, with the name of its class and sometimes with its stack.
 */
public final class ErrorOutput extends OutputStream {
  /** With a package of at most 20 parts, so that matching any line is fast. */
  private static final Pattern CLASS =
      Pattern.compile(
          "(?<![\\w.])((?:[a-z]\\w*+\\.){1,20})([A-Z][\\w$]*?)(?:Exception|Error)\\b(: )?");

  private static final String FILES = "java.nio.file.";

  /** The message of these also gives the reason. */
  private static final String REASONED = "FileSystem";

  private static final Pattern STACK =
      Pattern.compile("Caused by: .*|\\s+at \\S+\\(.*\\)|\\s+\\.\\.\\. \\d+ more");

  private static final int MAX_LINE = 1 << 16;

  /** Gogo's report on a part of a pipe, in one write; {@link PipeFailures} puts it into words. */
  private static final Pattern PART_OF_PIPE = Pattern.compile("gogo: [A-Z]\\w*: ");

  private static final int MAX_NAME = 200;

  private final OutputStream destination;
  private final Charset charset;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** Whether more of a dropped report is to come. */
  private boolean dropping;

  /** For text in the charset of the process. */
  public ErrorOutput(OutputStream destination) {
    this(destination, Charset.defaultCharset());
  }

  /** For text in any charset, which stays the same. */
  public ErrorOutput(OutputStream destination, Charset charset) {
    this.destination = destination;
    this.charset = charset;
  }

  /** A line without class names; null for one of a stack. */
  static String inWords(String line) {
    if (STACK.matcher(line).matches()) {
      return null;
    }
    return CLASS
        .matcher(Printable.of(line))
        .replaceAll(
            found -> {
              boolean explained = found.group(3) != null;
              String words = Reason.words(found.group(2));
              if (explained && found.group(1).equals(FILES) && !found.group(2).equals(REASONED)) {
                return Matcher.quoteReplacement(words + ": "); // only the file follows
              }
              return explained ? "" : Matcher.quoteReplacement(words);
            });
  }

  /** The result of a failed command of Felix, in words; null for any other result. */
  public static String failure(Object result) {
    return result instanceof String text && CLASS.matcher(text).lookingAt() ? lineOf(text) : null;
  }

  /** Lines in words, as one. */
  public static String lineOf(String text) {
    return text.lines()
        .map(line -> line.strip().replaceAll(" +", " "))
        .map(ErrorOutput::inWords)
        .filter(line -> line != null && !line.isBlank())
        .collect(Collectors.joining("; "));
  }

  @Override
  public synchronized void write(int b) throws IOException {
    if (b == '\n') {
      String text = inWords(line.toString(charset));
      line.reset();
      if (text != null) {
        destination.write((text + "\n").getBytes(charset));
      }
    } else {
      line.write(b);
      if (line.size() == MAX_LINE) {
        flush();
      }
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return;
    }
    String begin = new String(bytes, offset, Math.min(length, MAX_NAME), charset);
    if (dropping || line.size() == 0 && PART_OF_PIPE.matcher(begin).lookingAt()) {
      dropping = bytes[offset + length - 1] != '\n'; // long text comes in pieces
      return;
    }
    for (int i = offset; i < offset + length; i++) {
      write(bytes[i]);
    }
    destination.flush();
  }

  /** Text without a line end, perhaps a question, is shown as it is. */
  @Override
  public synchronized void flush() throws IOException {
    line.writeTo(destination);
    line.reset();
    destination.flush();
  }
}
