package org.pagewheel.launcher;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Reports to the supervisor that started this process, for example systemd: {@code sd_notify(3)}.
 *
 * <p>How it works: the environment names a Unix socket that takes datagrams; each is a state. The
 * JDK has Unix sockets of streams only, so the three functions of the C library are called. A name
 * that begins with {@code @} is an abstract one, whose first byte is 0. The socket is opened for
 * each state: there are two in a process's life, and a restarted supervisor has a new socket. A
 * supervisor that does not read has a full queue: sending is tried a few times and then given up,
 * for it must not delay the end of the process.
 */
final class Notify {
  static final String SOCKET = "NOTIFY_SOCKET";
  static final String READY = "READY=1";
  static final String STOPPING = "STOPPING=1";

  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int TRIES = 10;
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int PATH_OFFSET = Short.BYTES;

  /** {@code sun_path} of {@code sockaddr_un}; a name in the file system ends with a 0 in it. */
  private static final int PATH_LENGTH = 108;

  private final byte[] name;

  private Notify(byte[] name) {
    this.name = name;
  }

  /** The socket named by the environment; empty if there is none. */
  static Optional<Notify> of(String socket) throws IOException {
    if (socket == null || socket.isEmpty()) {
      return Optional.empty();
    }
    byte[] name = socket.getBytes(StandardCharsets.UTF_8);
    if (name[0] != '/' && name[0] != '@' || name.length >= PATH_LENGTH) {
      throw new IOException(
          "%s=%s is neither the path of a socket nor @ and a name, of at most %d bytes"
              .formatted(SOCKET, socket, PATH_LENGTH - 1));
    }
    return Optional.of(new Notify(name));
  }

  /**
   * Sends a state.
   *
   * @param state lines of {@code KEY=value}
   * @throws IOException if it cannot be delivered
   */
  void send(String state) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      send(arena, arena.allocateFrom(state), state.getBytes(StandardCharsets.UTF_8).length);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) { // native access is refused, or there is no such function
      throw new IOException("%s cannot be used: %s".formatted(SOCKET, Causes.inOneLine(e)), e);
    }
  }

  private void send(Arena arena, MemorySegment text, long length) throws Throwable {
    MethodHandle socket =
        function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    MethodHandle sendto =
        function(
            "sendto",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    MethodHandle close = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    MemorySegment address = arena.allocate(PATH_OFFSET + PATH_LENGTH, Short.BYTES);
    address.set(JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(name, 0, address, JAVA_BYTE, PATH_OFFSET, name.length);
    boolean isAbstract = name[0] == '@';
    if (isAbstract) {
      address.set(JAVA_BYTE, PATH_OFFSET, (byte) 0);
    }
    int addressLength = PATH_OFFSET + name.length + (isAbstract ? 0 : 1);
    int descriptor = (int) socket.invokeExact((int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
      throw new IOException("no socket could be opened");
    }
    try {
      int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
      long sent = -1;
      for (int i = 0; i < TRIES && sent != length; i++) {
        if (i > 0) {
          Thread.sleep(PAUSE);
        }
        sent = (long) sendto.invokeExact(descriptor, text, length, flags, address, addressLength);
      }
      if (sent != length) {
        throw new IOException(
            "nothing receives what is sent to %s=%s"
                .formatted(SOCKET, new String(name, StandardCharsets.UTF_8)));
      }
    } finally {
      int closed = (int) close.invokeExact(descriptor);
      assert closed == 0;
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
  }
}
