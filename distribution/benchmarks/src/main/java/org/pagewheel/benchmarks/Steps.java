package org.pagewheel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The instructions that a thread executed, as {@code step.c} reports them.
 *
 * @param addresses in the order in which they were executed; {@link #FREE} where some are missing
 * @param instructions the instruction at each
 */
record Steps(List<Long> addresses, Map<Long, Instruction> instructions) {
  /** The thread ran freely for a moment. */
  private static final long FREE = 0;

  /** Bytes for one instruction, and for what the disassembler decodes after it. */
  private static final int SLOT = 32;

  private static final byte NOP = (byte) 0x90;
  private static final Pattern LINE = Pattern.compile(" *([0-9a-f]+):\\s+(\\S.*)");

  /**
   * Reads what the stepper printed.
   *
   * @throws IOException if there is no disassembler; the message says so
   */
  static Steps read(List<String> lines, Path directory) throws IOException, InterruptedException {
    List<Long> addresses = new ArrayList<>();
    Map<Long, byte[]> bytes = new LinkedHashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "is" -> bytes.put(address(words), HexFormat.of().parseHex(words[2]));
        case "at" -> addresses.add(address(words));
        case "free" -> addresses.add(FREE);
        default -> throw new IOException("not what the stepper prints: " + line);
      }
    }
    return new Steps(addresses, disassemble(bytes, directory));
  }

  private static long address(String[] words) {
    return Long.parseUnsignedLong(words[1], 16);
  }

  private static Map<Long, Instruction> disassemble(Map<Long, byte[]> bytes, Path directory)
      throws IOException, InterruptedException {
    byte[] slots = new byte[SLOT * bytes.size()];
    Arrays.fill(slots, NOP);
    List<Long> addresses = new ArrayList<>(bytes.keySet());
    for (int i = 0; i < addresses.size(); i++) {
      byte[] one = bytes.get(addresses.get(i));
      System.arraycopy(one, 0, slots, SLOT * i, one.length);
    }
    Path file = Files.write(directory.resolve("code"), slots);
    List<String> command =
        List.of("objdump", "-D", "-w", "--no-show-raw-insn", "-b", "binary", "-m", "i386:x86-64");
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("-M", "intel", file.toString()));
    Map<Long, Instruction> instructions = new HashMap<>();
    for (String line : Tool.run(words, "Debian: binutils")) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        int offset = Integer.parseInt(matcher.group(1), 16);
        if (offset % SLOT == 0) {
          instructions.put(addresses.get(offset / SLOT), new Instruction(matcher.group(2).strip()));
        }
      }
    }
    return instructions;
  }

  /**
   * The shortest path that more than one event took: without what happens once a page, and without
   * what happens only because stepping takes so long.
   *
   * @param begins the addresses where an event may begin: of each code of its method, the newest of
   *     which may have been thrown away
   * @throws IOException if the thread was elsewhere all the time
   */
  Way shortestFrom(List<Long> begins) throws IOException {
    Map<List<Long>, Integer> ways = new HashMap<>();
    int last = -1;
    for (int i = 0; i < addresses.size(); i++) {
      if (addresses.get(i) == FREE) {
        last = -1;
      } else if (begins.contains(addresses.get(i))) {
        if (last >= 0) {
          ways.merge(addresses.subList(last, i), 1, Integer::sum);
        }
        last = i;
      }
    }
    int all = ways.values().stream().mapToInt(Integer::intValue).sum();
    return ways.entrySet().stream()
        .filter(way -> way.getValue() > 1)
        .min(Comparator.comparingInt(way -> way.getKey().size()))
        .map(way -> new Way(way.getKey(), way.getValue(), all))
        .orElseThrow(() -> new IOException("no event was stepped through: try again"));
  }

  /**
   * One of the paths that events took.
   *
   * @param addresses of its instructions
   * @param taken by how many events
   * @param all how many events there were
   */
  record Way(List<Long> addresses, int taken, int all) {}
}
