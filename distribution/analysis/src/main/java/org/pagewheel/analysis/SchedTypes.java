package org.pagewheel.analysis;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventFormat;

/** The events of the kernel's scheduler in some traces, and where their fields are. */
final class SchedTypes {
  /** What they are about. */
  enum Kind {
    /** A CPU goes from one thread to another. */
    SWITCH,
    /** A thread is about to be woken. */
    WAKING,
    /** It waits for a CPU. */
    WAKEUP,
    /** It is a new thread. */
    NEW,
    /** The kernel's stack at the event before. */
    STACK
  }

  /** A type; fields that it lacks are at offset 0, that of the type's number. */
  private record Type(Kind kind, int pid, int next, int state, int stateSize, int end) {}

  /** No kernel gives a number above it. */
  private static final int MAX_PID = 1 << 22;

  private static final int IDS = 1 << 16;
  private static final String SYSTEM = "sched";
  private static final int FLAGS = 2;

  /** The kernel's TRACE_FLAG_HARDIRQ, SOFTIRQ and NMI. */
  private static final int INTERRUPT = 0x08 | 0x10 | 0x40;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Events of a buffer that are looked at to find out whose it is. */
  private static final int ENOUGH = 1 << 12;

  private final List<Type[]> types = new ArrayList<>();

  SchedTypes(List<Trace> traces) {
    for (Trace trace : traces) {
      Type[] byId = new Type[IDS];
      for (EventFormat format : trace.formats()) {
        if (format.id() >= 0 && format.id() < IDS) {
          byId[format.id()] = type(format).orElse(null);
        }
      }
      types.add(byId);
    }
  }

  private static Optional<Type> type(EventFormat format) {
    if (format.system().equals("ftrace") && format.name().equals("kernel_stack")) {
      return Optional.of(new Type(Kind.STACK, 0, 0, 0, 0, 0));
    }
    if (!format.system().equals(SYSTEM)) {
      return Optional.empty();
    }
    return switch (format.name()) {
      case "sched_switch" -> {
        EventField prev = field(format, "prev_pid", Integer.BYTES);
        EventField next = field(format, "next_pid", Integer.BYTES);
        EventField state = field(format, "prev_state", Integer.BYTES, Long.BYTES);
        if (prev == null || next == null || state == null) {
          yield Optional.empty();
        }
        int end = Math.max(end(state), Math.max(end(prev), end(next)));
        yield Optional.of(
            new Type(Kind.SWITCH, prev.offset(), next.offset(), state.offset(), state.size(), end));
      }
      case "sched_waking" -> woken(Kind.WAKING, format);
      case "sched_wakeup" -> woken(Kind.WAKEUP, format);
      case "sched_wakeup_new" -> woken(Kind.NEW, format);
      default -> Optional.empty();
    };
  }

  private static Optional<Type> woken(Kind kind, EventFormat format) {
    return Optional.ofNullable(field(format, "pid", Integer.BYTES))
        .map(pid -> new Type(kind, pid.offset(), 0, 0, 0, end(pid)));
  }

  /** A field of one of these sizes, inside of what an event can have; null if there is none. */
  private static EventField field(EventFormat format, String name, int... sizes) {
    for (EventField field : format.fields()) {
      for (int size : sizes) {
        if (field.name().equals(name)
            && field.size() == size
            && field.offset() >= 0
            && field.offset() < IDS) {
          return field;
        }
      }
    }
    return null;
  }

  private static int end(EventField field) {
    return field.offset() + field.size();
  }

  /** Whether a trace may have them. */
  boolean has(int trace) {
    for (Type type : types.get(trace)) {
      if (type != null && type.kind() == Kind.SWITCH) {
        return true;
      }
    }
    return false;
  }

  /** Whether a buffer has them, by the first events of its CPUs. */
  boolean has(int index, Trace trace, String buffer) throws IOException {
    if (has(index)) {
      for (Lane lane : trace.lanes()) {
        if (lane.buffer().equals(buffer)) {
          LaneEvents events = new LaneEvents(index, trace, lane, new Problems());
          for (int i = 0; i < ENOUGH && events.next(); i++) {
            Kind kind = kind(events);
            if (kind != null && kind != Kind.STACK) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  /** Whether a thread has a number that no kernel gives. */
  static boolean isVirtual(int tid) {
    return tid > MAX_PID;
  }

  private Type type(LaneEvents at) {
    return at.type() < 0 ? null : types.get(at.traceIndex)[at.type()];
  }

  /** What the lane's current event is about; null if it is none of them, or too short. */
  Kind kind(LaneEvents at) {
    Type type = type(at);
    return type == null || at.length() < type.end() ? null : type.kind();
  }

  /** The thread that is woken, or leaves the CPU. */
  int pid(LaneEvents at) {
    return number(at, type(at).pid());
  }

  /** The thread that comes onto the CPU. */
  int next(LaneEvents at) {
    return number(at, type(at).next());
  }

  private static int number(LaneEvents at, int offset) {
    return at.memory().get(INT.withOrder(at.trace.order()), at.offset() + (long) offset);
  }

  /** Whether an interrupt is the cause, and the thread only the one that it met. */
  static boolean isInterrupt(LaneEvents at) {
    return (at.memory().get(ValueLayout.JAVA_BYTE, at.offset() + (long) FLAGS) & INTERRUPT) != 0;
  }

  /**
   * Why the thread leaves the CPU: R if it could go on, X if it has ended, or else a letter of the
   * kernel's. Bits of a byte are the same in all kernels but those of the rarest states; above them
   * is whether it was preempted.
   */
  char state(LaneEvents at) {
    Type type = type(at);
    int low =
        type.stateSize() == Long.BYTES
            ? (int)
                at.memory().get(LONG.withOrder(at.trace.order()), at.offset() + (long) type.state())
            : number(at, type.state());
    int bits = low & 0xff;
    if ((bits & 0x30) != 0) {
      return 'X';
    }
    int bit = Integer.numberOfTrailingZeros(bits);
    return bits == 0 ? 'R' : bit < 4 ? "SDTt".charAt(bit) : bit == 6 ? 'P' : 'I';
  }
}
