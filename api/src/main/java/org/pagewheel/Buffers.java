package org.pagewheel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The registry of named buffers. In an OSGi container it is a service; without one, {@code
 * org.pagewheel.runtime.Pagewheel} gives it.
 */
@ProviderType
public interface Buffers {
  /**
   * The buffer of a name.
   *
   * @param name the name
   * @return the buffer
   * @throws IllegalArgumentException if there is none; the message names those there are
   */
  Buffer get(String name);

  /**
   * The buffer of a name, if there is one.
   *
   * @param name the name
   * @return the buffer or nothing
   */
  Optional<Buffer> find(String name);

  /**
   * All open buffers.
   *
   * @return a copy, in the order of their making
   */
  List<Buffer> list();

  /**
   * Makes a buffer; it records at once.
   *
   * @param config how
   * @return the new buffer
   * @throws IllegalArgumentException if a value is wrong, the name is taken or the backend is
   *     unknown; nothing has changed then
   * @throws IOException if the backend could not make its ring; nothing has changed then
   */
  Buffer create(BufferConfig config) throws IOException;

  /**
   * Closes a buffer and forgets it.
   *
   * @param name the name
   * @throws IllegalArgumentException if there is none
   */
  void destroy(String name);

  /**
   * Writes what buffers hold now to one trace.dat file, without consuming it and without stopping
   * anything: the first buffer as the top one, the others as instances.
   *
   * @param file where to; made readable and writable by its owner alone; an existing file is
   *     replaced in one step when the new one is whole
   * @param names which buffers; none means all
   * @return how many events were written
   * @throws IllegalArgumentException if there is no buffer of that name
   * @throws IOException if the file cannot be written; an existing one is as it was
   */
  long save(Path file, String... names) throws IOException;
}
