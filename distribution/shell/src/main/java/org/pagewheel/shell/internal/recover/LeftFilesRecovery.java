package org.pagewheel.shell.internal.recover;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.pagewheel.ringfile.LeftFiles;
import org.pagewheel.spi.Reason;

/** Recovers files that were left where a new ring lies now, each to a file beside it. */
public final class LeftFilesRecovery implements LeftFiles {
  private static final Logger LOG = System.getLogger("org.pagewheel");

  /** Made by the shell. */
  public LeftFilesRecovery() {}

  @Override
  public void recover(Path file) {
    try {
      for (String line : Recovery.recover(file, file.resolveSibling(file.getFileName() + ".dat"))) {
        LOG.log(Level.INFO, line);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "left file not recovered: " + Reason.of(e));
    }
  }
}
