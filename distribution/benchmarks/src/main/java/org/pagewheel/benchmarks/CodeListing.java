package org.pagewheel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JVM's listing of compiled code ({@code -XX:CompileCommand=print}) without an installed
 * disassembler: for each piece, the methods it comes from. The JVM looks for notes every 4 bytes,
 * so at a border between two methods an instruction may be attributed to the other one.
 */
final class CodeListing {
  private static final Pattern CODE =
      Pattern.compile(" main code +\\[0x([0-9a-f]+),0x([0-9a-f]+)\\].*");
  private static final Pattern NOTE = Pattern.compile("  0x([0-9a-f]+): ;.*");
  private static final Pattern FRAME =
      Pattern.compile(" +; - (?:\\(reexecute\\) )?(\\S+)::(\\S+)@-?\\d+(?: \\(line \\d+\\))?");

  private static final int NOTED = 4;

  /**
   * A method in which an instruction is.
   *
   * @param type its class's full name
   * @param method its name
   */
  record Frame(String type, String method) {
    boolean isOurs() {
      return type.startsWith("org.pagewheel.");
    }

    @Override
    public String toString() {
      int end = type.indexOf('/') < 0 ? type.length() : type.indexOf('/'); // of a hidden class
      return type.substring(type.lastIndexOf('.', end - 1) + 1, end) + "." + method;
    }
  }

  /** The code of one compilation: frames by the first address that they do not cover. */
  private record Code(long begin, long end, TreeMap<Long, List<Frame>> frames) {}

  private final List<Code> codes = new ArrayList<>();

  /** Reads what was printed; other lines may be between. */
  CodeListing(List<String> lines) {
    Code code = new Code(0, 0, new TreeMap<>());
    List<Frame> frames = new ArrayList<>();
    for (String line : lines) {
      Matcher begin = CODE.matcher(line);
      Matcher note = NOTE.matcher(line);
      Matcher frame = FRAME.matcher(line);
      if (begin.matches()) {
        code = new Code(address(begin, 1), address(begin, 2), new TreeMap<>());
        codes.add(code);
      } else if (note.matches()) {
        frames = new ArrayList<>();
        code.frames.put(address(note, 1) + NOTED, frames);
      } else if (frame.matches()) {
        frames.add(new Frame(frame.group(1), frame.group(2)));
      }
    }
    codes.forEach(each -> each.frames.values().removeIf(List::isEmpty));
  }

  private static long address(Matcher matcher, int group) {
    return Long.parseUnsignedLong(matcher.group(group), 16);
  }

  /** The methods that an instruction comes from, the innermost first; none if unknown. */
  List<Frame> framesAt(long address) {
    for (Code code : codes.reversed()) { // the latest code at that place
      if (address >= code.begin && address < code.end) {
        var noted = code.frames.ceilingEntry(address);
        return noted == null ? List.of() : noted.getValue();
      }
    }
    return List.of();
  }

  /** The begins of a method's code, one for each compilation, whether in use or not. */
  List<Long> beginsOf(Frame method) {
    return codes.stream()
        .filter(code -> code.frames.values().stream().anyMatch(f -> f.getLast().equals(method)))
        .map(Code::begin)
        .toList();
  }
}
