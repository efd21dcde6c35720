package org.pagewheel.shell.internal.recover;

import java.io.IOException;
import java.nio.file.Path;
import org.pagewheel.ringfile.LeftFiles;
import org.pagewheel.spi.Log;
import org.pagewheel.spi.Reason;

/** Recovers files that were left where a new ring is now, each to a file next to it. */
public final class LeftFilesRecovery implements LeftFiles {
  /** For the shell. */
  public LeftFilesRecovery() {}

  @Override
  public void recover(Path file) {
    try {
      for (String line : Recovery.recover(file, file.resolveSibling(file.getFileName() + ".dat"))) {
        Log.info(line);
      }
    } catch (IOException e) {
      Log.warning("left file not recovered: " + Reason.of(e));
    }
  }
}
