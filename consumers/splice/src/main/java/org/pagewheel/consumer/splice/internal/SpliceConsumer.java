package org.pagewheel.consumer.splice.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.pagewheel.Page;
import org.pagewheel.spi.BatchConsumer;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.Quantity;
import org.pagewheel.spi.Reason;
import org.pagewheel.tracedat.LiveTraceFile;
import org.pagewheel.tracedat.Losses;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceMetadata;

/**
 * Splices pages into trace.dat files, one after another.
 *
 * <p>How it works: the open file is a {@link LiveTraceFile}, so it can be read at any instant, and
 * a page is safe from the death of this process once it has been accepted. A file begins with the
 * first page for it and ends when it is full or old, when pages come that it cannot hold (of
 * another size, of a CPU it does not have), or when new event types do not fit in it.
 *
 * <p>A page that cannot be written is an exception, and the next page that can be written reports
 * it: the caller counts such a page as missed. If others remove, replace or truncate the open file,
 * the events gone with it count as lost, and the next pages report them too: the consumer keeps
 * count of what is in the file. No state needs repair: each page tries anew, with a new file if the
 * old one has failed for long.
 */
final class SpliceConsumer implements BatchConsumer {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** After this long without success a file is given up for a new one. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Room for later metadata: the least, the most in addition, and the share of the file. */
  private static final int MIN_SPARE = 8 << 10;

  private static final int MAX_SPARE = 64 << 10;
  private static final int SPARE_PART = 16;

  private static final int NAME_ATTEMPTS = 100;

  private final ConsumerContext context;
  private final SpliceSettings settings;
  private final FileNames names;
  private final FileMetadata metadata;
  private final Losses losses = new Losses();
  private OpenFile open;
  private int formats;
  private boolean isOutOfRoom;
  private long[] before = {};
  private long looked;
  private String problem;
  private long failingSince;
  private boolean closed;

  private SpliceConsumer(ConsumerContext context, SpliceSettings settings, FileNames names) {
    this.context = context;
    this.settings = settings;
    this.names = names;
    this.metadata = new FileMetadata(context);
  }

  /** Checks the directory, and finishes what a killed process left there. */
  static SpliceConsumer open(ConsumerContext context, SpliceSettings settings) throws IOException {
    FileNames names = new FileNames(settings.directory(), settings.name());
    names.checkDirectory();
    SpliceConsumer consumer = new SpliceConsumer(context, settings, names);
    consumer.checkSize();
    try {
      names.recover();
    } catch (IOException e) {
      context.report("a file of an earlier run is left as it is: " + Reason.of(e));
    }
    if (settings.maxAge() != SpliceSettings.UNLIMITED) {
      Thread.ofPlatform()
          .daemon()
          .name("pagewheel-splice-" + settings.name())
          .start(consumer::finishOldFiles);
    }
    return consumer;
  }

  private void checkSize() {
    TraceBuffer buffer =
        new TraceBuffer("", metadata.clock(), metadata.pageSize(), metadata.cpus());
    TraceMetadata now = metadata.now(buffer.clock(), buffer.pageSize());
    long least =
        LiveTraceFile.overhead(now, buffer, spare(now, buffer))
            + (long) buffer.cpus() * buffer.pageSize();
    if (settings.maxSize() < least) {
      throw new IllegalArgumentException(
          "max-size = %s is too small for %d CPUs with pages of %s: it takes at least %s"
              .formatted(
                  Quantity.text(settings.maxSize()),
                  buffer.cpus(),
                  Quantity.text(buffer.pageSize()),
                  Quantity.text(least)));
    }
  }

  /** As much again as now and a little more, but not much of a small file. */
  private int spare(TraceMetadata now, TraceBuffer buffer) {
    long size = LiveTraceFile.overhead(now, buffer, 0) / 2;
    long part = Math.min(size + MAX_SPARE, settings.maxSize() / SPARE_PART);
    return Math.clamp(part, MIN_SPARE, Integer.MAX_VALUE / 2);
  }

  @Override
  public synchronized int accept(List<Page> pages, long missed) throws IOException {
    try {
      Page page = pages.getFirst();
      long now = System.nanoTime(); // read once: it adds to the cost of a page
      lookAfterFile(now);
      if (open == null || !suits(page, now)) {
        rotate(page);
      }
      int cpu = page.cpu();
      long lost = Losses.sum(missed, losses.get(cpu));
      int written = open.file.write(cpu, pages, lost);
      if (written == 0) {
        rotate(page);
        lost = Losses.sum(missed, losses.get(cpu)); // the file that ended may have been lost
        written = open.file.write(cpu, pages, lost);
      }
      if (written == 0) {
        throw new IOException("a file has no room for a page of CPU " + cpu);
      }
      losses.clear(cpu);
      for (int i = 0; i < written; i++) {
        open.count(cpu, pages.get(i).memory(), i == 0 ? lost : 0);
      }
      succeeded();
      return written;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Now and then: does the file still exist, and are there new threads? */
  private void lookAfterFile(long now) throws IOException {
    if (open != null && now - looked > LOOK_NANOS) {
      look();
    }
  }

  private void look() throws IOException {
    looked = System.nanoTime();
    if (!lookForLosses()) {
      update();
    }
  }

  /** Whether others have removed or truncated the open file; then no file is open after this. */
  private boolean lookForLosses() throws IOException {
    if (open.hasVanished()) {
      loseVanished();
    } else if (open.file.isOpen() && !open.file.isWhole()) {
      if (open.salvage()) {
        OpenFile cut = open;
        lose("was truncated by others while it was open", () -> settle(cut));
      } else {
        lose("was emptied by others while it was open");
      }
    } else {
      return false;
    }
    return true;
  }

  private void update() throws IOException {
    formats = metadata.formats();
    TraceBuffer buffer = open.buffer;
    isOutOfRoom = !open.file.update(metadata.now(buffer.clock(), buffer.pageSize()));
  }

  /** Whether a page can go into the open file and its events can be read there. */
  private boolean suits(Page page, long now) throws IOException {
    TraceBuffer buffer = open.buffer;
    if (!open.file.isOpen()
        || isOutOfRoom
        || isOld(now)
        || page.memory().byteSize() != buffer.pageSize()
        || page.cpu() >= buffer.cpus()
        || !metadata.clock().equals(buffer.clock())) {
      return false;
    }
    if (metadata.formats() != formats) {
      update();
    }
    return !isOutOfRoom;
  }

  private boolean isOld(long now) {
    return now - open.begun >= settings.maxAge();
  }

  private void rotate(Page page) throws IOException {
    finishAndTell();
    if (!Files.isDirectory(names.directory())) {
      throw new NoSuchFileException(names.directory().toString(), null, "it has vanished");
    }
    if (settings.maxFiles() != SpliceSettings.UNLIMITED) {
      names.keep(settings.maxFiles() - 1);
    }
    int cpus = Math.max(metadata.cpus(), page.cpu() + 1);
    int pageSize = (int) page.memory().byteSize();
    TraceBuffer buffer = new TraceBuffer("", metadata.clock(), pageSize, cpus);
    formats = metadata.formats();
    TraceMetadata now = metadata.now(buffer.clock(), pageSize);
    int spare = spare(now, buffer);
    long room = settings.maxSize() - LiveTraceFile.overhead(now, buffer, spare);
    long[] last = before.length == cpus ? before : new long[cpus];
    long[] regions = RegionPlan.share(last, room, pageSize);
    for (int i = 0; open == null; i++) {
      Path path = names.next();
      try {
        open = new OpenFile(path, LiveTraceFile.create(path, now, buffer, regions, spare), buffer);
      } catch (FileAlreadyExistsException e) {
        if (i == NAME_ATTEMPTS) {
          throw e;
        }
      }
      names.taken();
    }
    isOutOfRoom = false;
    looked = open.begun;
    notifyAll(); // wakes the thread that waits for it to become old
  }

  /** Ends the open file, if there is one; whatever happens, none is open after this. */
  private void finish() throws IOException {
    if (open == null) {
      return;
    }
    try (OpenFile ending = open) {
      if (lookForLosses()) {
        return;
      }
      open = null;
      before = ending.sizes();
      if (ending.isEmpty()) {
        Files.deleteIfExists(ending.path);
        return;
      }
      try {
        settle(ending);
      } catch (NoSuchFileException e) { // removed since the check
        open = ending;
        loseVanished();
      }
    } finally {
      open = null;
    }
  }

  /** It gets its final name even if its table can no longer be set right, for it can be read. */
  private void settle(OpenFile ending) throws IOException {
    try {
      if (ending.file.isOpen()) {
        TraceBuffer buffer = ending.buffer;
        ending.file.finish(metadata.last(buffer.clock(), buffer.pageSize(), buffer.cpus()));
      }
    } finally {
      names.finish(ending.path);
    }
  }

  private void finishAndTell() {
    try {
      finish();
    } catch (IOException e) {
      tell("a file could not be finished: " + Reason.of(e));
    }
  }

  private void loseVanished() throws IOException {
    lose("has vanished while it was open");
  }

  private void lose(String how) throws IOException {
    lose(how, () -> {});
  }

  /** The open file's events, as counted, are gone: they will be reported as lost. */
  private void lose(String how, Ending ending) throws IOException {
    try (OpenFile gone = open) {
      open = null;
      before = gone.sizes();
      long lost = 0;
      for (int cpu = 0; cpu < gone.buffer.cpus(); cpu++) {
        losses.add(cpu, gone.inBand(cpu));
        lost = Losses.sum(lost, gone.events(cpu));
      }
      tell("%s %s: %s events are lost".formatted(gone.path, how, lost < 0 ? "all its" : "" + lost));
      context.lost(lost);
      ending.run();
    }
  }

  @FunctionalInterface
  private interface Ending {
    void run() throws IOException;
  }

  private void succeeded() {
    failingSince = 0;
    tell(null);
  }

  /** Says what is wrong, in words that stay the same while the problem does. */
  private IOException failed(IOException cause) {
    String reason =
        cause instanceof FileSystemException e && e.getReason() != null
            ? e.getReason()
            : cause instanceof NoSuchFileException ? "it has vanished" : Reason.of(cause);
    String told = "cannot write to " + names.directory() + ": " + reason;
    long now = System.nanoTime() | 1;
    failingSince = failingSince == 0 ? now : failingSince;
    if (open != null && (now - failingSince > PATIENCE_NANOS || !open.file.isOpen())) {
      finishAndTell();
      failingSince = now;
    }
    tell(told);
    return new IOException(told, cause);
  }

  private void tell(String now) {
    if (!Objects.equals(problem, now)) {
      problem = now;
      context.report(now);
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    try {
      if (open != null) {
        look();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Runs on a separate thread, so that a file ends in time even if no page comes. */
  private synchronized void finishOldFiles() {
    try {
      while (!closed) {
        if (open == null) {
          wait();
        } else if (isOld(System.nanoTime())) {
          finishAndTell();
        } else {
          long left = settings.maxAge() - (System.nanoTime() - open.begun);
          wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        }
      }
    } catch (InterruptedException e) {
      // pages that come end old files too
    }
  }

  /** Finishes the file even on an interrupted thread, which would close it unfinished. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    notifyAll();
    boolean interrupted = Thread.interrupted();
    try {
      finish();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
