package org.pagewheel.junit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pagewheel.spi.OwnDirectory;
import org.pagewheel.spi.Reason;

/** Records one test. For the thread of the test. */
final class TestRecorder implements AutoCloseable {
  /** Of a parameterized or repeated test, or of such a class. */
  private static final Pattern INVOCATION = Pattern.compile("-invocation:#(\\d+)]");

  private static final int MAX_NAME = 200;

  private final Recorders recorders;
  private final Recording recording;
  private final Set<Object> claimed = Collections.newSetFromMap(new IdentityHashMap<>());

  TestRecorder(Recorders recorders, Recording recording) {
    this.recorders = recorders;
    this.recording = recording;
  }

  Recording recording() {
    return recording;
  }

  /** Takes the fields of an instance for this test, until it has ended. */
  void claim(Object instance) {
    if (!recorders.claimed.add(instance)) {
      throw new ExtensionConfigurationException(
          ("%s has a field of type Recording, which cannot be that"
                  + " of two tests at once: let them take a parameter instead")
              .formatted(instance.getClass().getSimpleName()));
    }
    claimed.add(instance);
  }

  /** Saves the trace, and says so where the failure is shown. */
  void save(ExtensionContext test, Throwable failure) {
    String note;
    try {
      Path file = file(test);
      recording.save(file);
      test.publishReportEntry(RecordingExtension.ENTRY, file.toString());
      note = "its events: trace-cmd report " + file;
    } catch (IOException | RuntimeException e) {
      note = "its events could not be saved: " + Reason.of(e);
    }
    failure.addSuppressed(new Note(note));
  }

  private Path file(ExtensionContext test) throws IOException {
    Path directory =
        Path.of(
            test.getConfigurationParameter(RecordingExtension.DIRECTORY)
                .orElse(RecordingExtension.DEFAULT_DIRECTORY));
    OwnDirectory.make(directory);
    String name = name(test);
    Path file = directory.resolve(name + ".dat");
    for (int i = 2; !recorders.files.add(file); i++) { // overloaded, or cut
      file = directory.resolve(name + "~" + i + ".dat");
    }
    return file;
  }

  private static String name(ExtensionContext test) {
    StringBuilder name = new StringBuilder(test.getRequiredTestClass().getName());
    name.append('.').append(test.getRequiredTestMethod().getName());
    Matcher invocations = INVOCATION.matcher(test.getUniqueId());
    while (invocations.find()) {
      name.append('-').append(invocations.group(1));
    }
    // Kotlin's names may hold anything, and a file system's no more than 255 bytes.
    String plain = name.toString().replaceAll("[^A-Za-z0-9._$-]", "_");
    return plain.substring(Math.max(0, plain.length() - MAX_NAME));
  }

  @Override
  public void close() {
    recorders.claimed.removeAll(claimed);
    recorders.destroy(recording.buffer());
  }

  /** A line below the stack trace of a failure. */
  private static final class Note extends Exception {
    private static final long serialVersionUID = 1;

    Note(String text) {
      super(text, null, false, false);
    }

    @Override
    public String toString() {
      return getMessage();
    }
  }
}
