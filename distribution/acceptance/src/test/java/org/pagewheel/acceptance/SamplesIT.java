package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of 0.9.0 mean what they meant, see {@link CutSamples}. */
class SamplesIT {
  @TempDir Path directory;

  @BeforeEach
  void unpack() throws Exception {
    Samples.unpack(directory);
  }

  @Test
  void everyReaderAnswersAsItDid() throws Exception {
    String expected = Files.readString(directory.resolve(Samples.ANSWERS));
    String actual = Samples.answers(directory);
    assertEquals(expected, actual);
  }

  @Test
  void traceCmdReadsThem() throws Exception {
    for (String trace : Samples.TRACES) {
      List<String> report = Program.report(directory.resolve(trace));
      assertTrue(report.stream().anyMatch(line -> line.contains(" print: ")), report::toString);
    }
  }

  @Test
  void theConfigurationIsUnderstoodAsItWas() throws Exception {
    assertEquals(
        Files.readString(Samples.DIRECTORY.resolve(Samples.VALUES)), Samples.values(directory));
  }
}
