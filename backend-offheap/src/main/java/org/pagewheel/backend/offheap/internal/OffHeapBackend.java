package org.pagewheel.backend.offheap.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.pagewheel.BufferConfig;
import org.pagewheel.ring.NativeMemories;
import org.pagewheel.ring.PageRing;
import org.pagewheel.ring.RingLayout;
import org.pagewheel.ringfile.LeftLimit;
import org.pagewheel.ringfile.RingFileWriter;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.Quantity;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * Makes lock-free rings whose words and pages are in a mapped file: every committed event survives
 * the death of the process, however it dies (but not that of the machine), and other processes can
 * read the ring while it is written. Without a file they are in native memory.
 *
 * <p>Settings, with their ranges and defaults in {@code reference.conf}:
 *
 * <ul>
 *   <li>{@code file}: where the ring is kept. It is allocated in full when the buffer is made, and
 *       only its owner can read it. An existing ring's file stays, under another name: see {@code
 *       left}. So does the file of the ring that this one replaces. Any other existing file is an
 *       error. A closed ring leaves its file.
 *   <li>{@code left}: {@code keep} renames an existing file to {@code FILE.<time>.left}; {@code
 *       recover} does so too, and has it recovered to a trace.dat file next to it if Pagewheel's
 *       recovery is installed; {@code refuse} makes it an error.
 *   <li>{@code keep}, {@code keep-size}: how many such files stay, and how large they may be
 *       together; the oldest are deleted, with the traces recovered from them. The same number of
 *       replaced rings keep their unread events.
 *   <li>{@code spares}: how many pages of a CPU readers can hold at once, in addition to those of
 *       the ring.
 *   <li>{@code metadata}: KiB in the file for event formats and the names of threads and methods.
 * </ul>
 */
public final class OffHeapBackend implements Backend {
  static final String NAME = "offheap";

  private static final DefaultSettings SETTINGS = DefaultSettings.of(OffHeapBackend.class);
  private static final String FILE = "file";
  private static final String LEFT = "left";
  private static final String KEEP = "keep";
  private static final String KEEP_SIZE = "keep-size";
  private static final String SPARES = "spares";
  private static final String METADATA = "metadata";

  /** For the service loader and the bundle. */
  public OffHeapBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Ring open(RingConfig config) throws IOException {
    BufferConfig buffer = config.buffer();
    Map<String, String> settings = SETTINGS.complete("the off-heap backend", buffer.settings());
    int spares = Quantity.count(SPARES, settings.get(SPARES), 1, 1024);
    int metadata = Quantity.count(METADATA, settings.get(METADATA), 64, 65536);
    String left = Quantity.oneOf(LEFT, settings.get(LEFT), "keep", "recover", "refuse");
    RingLayout layout = new RingLayout(buffer.mode(), buffer.pages(), spares, buffer.pageSize());
    String file = settings.get(FILE);
    if (file.isEmpty()) {
      return new PageRing(config, layout, new NativeMemories(layout, buffer.cpus()));
    }
    LeftLimit limit =
        new LeftLimit(
            Quantity.count(KEEP, settings.get(KEEP), 1, 999_999),
            Quantity.bytes(KEEP_SIZE, settings.get(KEEP_SIZE)));
    Path path = Path.of(file).toAbsolutePath();
    LeftFile there = LeftFile.putAside(path, left, config);
    try {
      Ring ring =
          open(
              config,
              layout,
              RingFileWriter.create(path, config, layout, spares, metadata << 10, limit));
      there.finish(limit);
      return ring;
    } catch (IOException | RuntimeException | Error e) {
      try {
        there.putBack();
      } catch (IOException also) {
        e.addSuppressed(also); // the reason why there is no ring matters more
      }
      throw e;
    }
  }

  private static Ring open(RingConfig config, RingLayout layout, RingFileWriter file)
      throws IOException {
    PageRing ring = new PageRing(config, layout, file);
    for (int cpu = 0; cpu < ring.cpus(); cpu++) { // now, for a file's memory cannot be given twice
      ring.prepare(cpu);
    }
    file.publish(ring);
    return ring;
  }
}
