package org.pagewheel.backend.offheap.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.pagewheel.BufferConfig;
import org.pagewheel.ring.NativeMemories;
import org.pagewheel.ring.PageRing;
import org.pagewheel.ring.RingLayout;
import org.pagewheel.ringfile.RingFileWriter;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * Makes lock-free rings whose words and pages lie in a mapped file: every committed event survives
 * the death of the process, however it dies (not that of the machine), and other processes can read
 * the ring while it is written. Without a file they lie in native memory.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code file}: where the ring lies. It is allocated in full when the buffer is made, and its
 *       owner alone can read it. A file that is there already stays, under another name: see {@code
 *       left}. A ring that is closed leaves its file.
 *   <li>{@code left}: {@code keep} (the default) renames a file that is there to {@code
 *       FILE.<time>.left}; {@code recover} does too, and has it recovered to a trace.dat file
 *       beside it where Pagewheel's recovery is installed; {@code refuse} makes it an error.
 *   <li>{@code spares}, from 1 to 1024, 8 unless given: how many pages of a CPU readers can hold at
 *       once, over and above those of the ring.
 *   <li>{@code metadata}, in KiB from 64 to 65536, 512 unless given: room for event formats and
 *       thread names in the file.
 * </ul>
 */
public final class OffHeapBackend implements Backend {
  static final String NAME = "offheap";

  private static final String FILE = "file";
  private static final String LEFT = "left";
  private static final String SPARES = "spares";
  private static final String METADATA = "metadata";

  /** Made by the service loader, or by the bundle. */
  public OffHeapBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Ring open(RingConfig config) throws IOException {
    BufferConfig buffer = config.buffer();
    Map<String, String> settings = buffer.settings();
    Set<String> unknown = new TreeSet<>(settings.keySet());
    unknown.removeAll(Set.of(FILE, LEFT, SPARES, METADATA));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the off-heap backend has no setting %s; it has %s, %s, %s and %s"
              .formatted(String.join(", ", unknown), FILE, LEFT, METADATA, SPARES));
    }
    int spares = number(settings, SPARES, 8, 1, 1024);
    int metadata = number(settings, METADATA, 512, 64, 65536);
    String left = settings.getOrDefault(LEFT, "keep");
    if (!Set.of("keep", "recover", "refuse").contains(left)) {
      throw new IllegalArgumentException(
          LEFT + " = " + left + " is none of keep, recover and refuse");
    }
    RingLayout layout = new RingLayout(buffer.mode(), buffer.pages(), spares, buffer.pageSize());
    String file = settings.get(FILE);
    if (file == null) {
      return new PageRing(config, layout, new NativeMemories(layout.bytes(), buffer.cpus()));
    }
    Path path = Path.of(file).toAbsolutePath();
    LeftFile.makeWay(path, left);
    return open(
        config, layout, RingFileWriter.create(path, buffer, layout, spares, metadata << 10));
  }

  private static Ring open(RingConfig config, RingLayout layout, RingFileWriter file)
      throws IOException {
    PageRing ring = new PageRing(config, layout, file);
    ring.makeMemories();
    file.publish();
    return ring;
  }

  private static int number(
      Map<String, String> settings, String key, int usual, int low, int high) {
    String text = settings.getOrDefault(key, Integer.toString(usual));
    int value = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1;
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "%s = %s is not a number from %d to %d".formatted(key, text, low, high));
    }
    return value;
  }
}
