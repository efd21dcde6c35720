package org.pagewheel.consumer.network.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How much of what was written to sockets is still in this machine's memory: what the peer's system
 * has not received, and if the peer is a process of this machine, what it has not read.
 *
 * <p>How it works: Linux lists its sockets, a line each. A connection within the machine has two,
 * with the ports swapped.
 *
 * <pre>
 *   0: 0100007F:3039 0100007F:D431 01 00000000:00002000 ...
 *      local    port remote   port st to send  to read
 * </pre>
 */
final class Unread {
  private static final List<Path> LISTS =
      List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));

  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int QUEUES = 4;

  private Unread() {}

  /** In bytes; also 0 where it cannot be determined. */
  static long bytes(SocketChannel[] channels) throws IOException {
    Set<String> pairs = new HashSet<>();
    for (SocketChannel channel : channels) {
      pairs.add(port(channel.getLocalAddress()) + port(channel.getRemoteAddress()));
    }
    long bytes = 0;
    for (Path list : LISTS) {
      if (Files.isReadable(list)) {
        try (Stream<String> lines = Files.lines(list)) {
          bytes += lines.skip(1).mapToLong(line -> bytes(line.strip().split(" +"), pairs)).sum();
        }
      }
    }
    return bytes;
  }

  private static String port(SocketAddress address) {
    return ":%04X".formatted(((InetSocketAddress) address).getPort());
  }

  private static long bytes(String[] words, Set<String> pairs) {
    if (words.length <= QUEUES) {
      return 0;
    }
    String local = words[LOCAL].substring(words[LOCAL].indexOf(':'));
    String remote = words[REMOTE].substring(words[REMOTE].indexOf(':'));
    String[] queues = words[QUEUES].split(":");
    if (pairs.contains(local + remote)) {
      return Long.parseLong(queues[0], 16);
    }
    return pairs.contains(remote + local) ? Long.parseLong(queues[1], 16) : 0;
  }
}
