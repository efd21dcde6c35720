package org.pagewheel.tracedat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.FileContent.BufferContent;
import org.pagewheel.tracedat.FileContent.Region;

/**
 * Reads a trace.dat file of version 6 or 7, of any byte order and word size.
 *
 * <p>Opening reads the metadata, at most 128 MiB of it; the pages stay in the file and are read as
 * {@link #pages} is gone through. A file that is truncated within its pages can be opened and its
 * pages read up to there, see {@link #warnings}; any other damage is a single {@link
 * TraceFormatException}. Files that are being written can be read. Safe for use by several threads.
 */
public final class TraceFile implements Closeable {
  private final InputFile file;
  private final TraceVersion version;
  private final TraceMetadata metadata;
  private final FileContent content;
  private final Unpacker unpacker;

  private TraceFile(
      InputFile file,
      TraceVersion version,
      TraceMetadata metadata,
      FileContent content,
      Unpacker unpacker) {
    this.file = file;
    this.version = version;
    this.metadata = metadata;
    this.content = content;
    this.unpacker = unpacker;
  }

  /**
   * Opens a file and reads all but its pages.
   *
   * @param path the file
   * @return the open file
   * @throws TraceFormatException if it is not a trace.dat file or is damaged
   * @throws IOException if it cannot be read
   */
  public static TraceFile open(Path path) throws IOException {
    InputFile file = new InputFile(path);
    try {
      return read(file);
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static TraceFile read(InputFile file) throws IOException {
    byte[] magic = new byte[FileLayout.MAGIC.length];
    if (file.size() < magic.length) {
      throw file.bad(0, "not a trace.dat file: only " + file.size() + " bytes");
    }
    file.read(0, ByteBuffer.wrap(magic), "the first bytes");
    if (!Arrays.equals(magic, FileLayout.MAGIC)) {
      throw file.bad(0, "not a trace.dat file: it does not begin with 17 08 44 'tracing'");
    }
    ByteCursor start = ByteCursor.ofFile(file, ByteOrder.LITTLE_ENDIAN, magic.length, file.size());
    TraceVersion version = version(start);
    int endian = start.u8("the byte order");
    int longSize = start.u8("the size of a long");
    if (endian > 1 || longSize != Integer.BYTES && longSize != Long.BYTES) {
      throw start.bad(
          "byte order %d and long size %d before here are not 0 or 1 and 4 or 8"
              .formatted(endian, longSize));
    }
    ByteOrder order = endian == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    ByteCursor in = ByteCursor.ofFile(file, order, start.position(), file.size());
    TraceMetadataBuilder metadata =
        TraceMetadata.builder(new PageFormat(order, longSize, pageSize(in)));
    FileContent content = new FileContent(file);
    Unpacker unpacker = null;
    if (version == TraceVersion.V6) {
      new V6Reader(file, metadata, content).read(in);
    } else {
      unpacker = new V7Reader(file, metadata, content).read(in);
    }
    content.checkOverlap();
    return new TraceFile(file, version, metadata.build(), content, unpacker);
  }

  private static TraceVersion version(ByteCursor in) throws IOException {
    String number = in.string(16, "the version");
    for (TraceVersion version : TraceVersion.values()) {
      if (number.equals(Integer.toString(version.number()))) {
        return version;
      }
    }
    throw in.bad("version '" + number + "' is neither 6 nor 7");
  }

  private static int pageSize(ByteCursor in) throws IOException {
    long size = in.u32("the page size");
    try {
      return PageFormat.of((int) Math.min(size, Integer.MAX_VALUE)).pageSize();
    } catch (IllegalArgumentException e) {
      throw in.bad(e.getMessage());
    }
  }

  /**
   * The file.
   *
   * @return the path that it was opened with
   */
  public Path path() {
    return file.path();
  }

  /**
   * The version of the file.
   *
   * @return 6 or 7
   */
  public TraceVersion version() {
    return version;
  }

  /**
   * The content of the file other than the pages.
   *
   * @return always the same instance
   */
  public TraceMetadata metadata() {
    return metadata;
  }

  /**
   * The buffers in the file.
   *
   * @return in the order of the file; the top buffer has an empty name and may be missing
   */
  public List<TraceBuffer> buffers() {
    return content.buffers.stream().map(BufferContent::buffer).toList();
  }

  /**
   * How many bytes the file has for a CPU: pages, or pages compressed.
   *
   * @param buffer the number of the buffer in {@link #buffers}
   * @param cpu from 0 to {@link TraceBuffer#cpus} − 1
   * @return 0 if there are none
   */
  public long size(int buffer, int cpu) {
    Region region = content.buffers.get(buffer).regions()[cpu];
    return region == null ? 0 : region.size();
  }

  /**
   * Begins to read the pages of a CPU.
   *
   * @param buffer the number of the buffer in {@link #buffers}
   * @param cpu from 0 to {@link TraceBuffer#cpus} − 1
   * @return a new stream before the first page; unusable once the file is closed
   */
  public PageStream pages(int buffer, int cpu) {
    BufferContent from = content.buffers.get(buffer);
    PageFormat format = metadata.pageFormat();
    return new PageStream(
        file,
        unpacker,
        new PageFormat(format.order(), format.longSize(), from.buffer().pageSize()),
        from.regions()[cpu],
        FileContent.describe(from.buffer().name(), cpu));
  }

  /**
   * Problems of the file that do not prevent reading it.
   *
   * @return one line each; empty for a sound file
   */
  public List<String> warnings() {
    return List.copyOf(content.warnings);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
