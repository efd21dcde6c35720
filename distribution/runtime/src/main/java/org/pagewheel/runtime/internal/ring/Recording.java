package org.pagewheel.runtime.internal.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pagewheel.Pause;

/**
 * Whether a buffer records: while its switch is on and nobody pauses it. The ring has both folded
 * into its one flag, so that pauses cost writers nothing.
 */
final class Recording {
  private final SwappableBuffer buffer;

  /** The buffer's, held for moments by whoever changes something. */
  private final Turn changing;

  /** Who turned it off; null while the switch is on. Written with {@link #changing} held. */
  private volatile Off off;

  /** The open pauses, oldest first. Written with {@link #changing} held. */
  private volatile List<Held> pauses = List.of();

  /** One pause. */
  private final class Held implements Pause {
    final Off since;

    Held(Off since) {
      this.since = since;
    }

    @Override
    public void close() {
      end(this);
    }
  }

  Recording(SwappableBuffer buffer, Turn changing) {
    this.buffer = buffer;
    this.changing = changing;
  }

  boolean isOn() {
    return off == null && pauses.isEmpty();
  }

  /** The switch first: who waits for events has to turn that on in any case. */
  Optional<String> reason() {
    Off switched = off;
    List<Held> open = pauses;
    if (switched == null && !open.isEmpty()) {
      switched = open.getFirst().since;
    }
    return Optional.ofNullable(switched).map(Off::line);
  }

  /** See {@link SwappableBuffer#tryOff}. */
  boolean tryOff(String by) {
    Off now = Off.by(by); // allocated before anything changes
    boolean entered = changing.tryEnter();
    if (!entered && !changing.isMine()) {
      return false;
    }
    try {
      set(now);
      return true;
    } finally {
      if (entered) {
        changing.owner = 0;
      }
    }
  }

  /** Turns the switch: null for on. */
  void turn(Off wanted) {
    boolean entered = changing.enter();
    try {
      set(wanted);
    } finally {
      if (entered) {
        changing.owner = 0;
      }
    }
  }

  /** With {@link #changing} held. */
  private void set(Off wanted) {
    buffer.enable(wanted == null && pauses.isEmpty());
    off = wanted == null || off == null ? wanted : off; // off since the first time
  }

  Pause pause(String by) {
    Held pause = new Held(Off.by(by));
    boolean entered = changing.enter();
    try {
      List<Held> more = new ArrayList<>(pauses);
      more.add(pause);
      List<Held> open = List.copyOf(more); // allocated before anything changes
      buffer.enable(false);
      pauses = open;
      return pause;
    } finally {
      if (entered) {
        changing.owner = 0;
      }
    }
  }

  /** Does nothing the second time. After an error the pause goes on and can be ended again. */
  private void end(Held pause) {
    boolean entered = changing.enter();
    try {
      List<Held> rest = new ArrayList<>(pauses);
      if (rest.remove(pause)) {
        List<Held> open = List.copyOf(rest);
        buffer.enable(off == null && open.isEmpty());
        pauses = open;
      }
    } finally {
      if (entered) {
        changing.owner = 0;
      }
    }
  }
}
