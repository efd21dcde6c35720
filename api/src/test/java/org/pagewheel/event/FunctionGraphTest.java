package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.internal.EventFields;
import org.pagewheel.spi.FunctionGraph;
import org.pagewheel.spi.RingWriter;

/** Events of functions as they are written. */
class FunctionGraphTest {
  private static final int HEAD = 16;

  /** A ring whose events are shorter than its pages would allow. */
  private static final class SmallRing extends PageRing {
    private final int most;

    SmallRing(int most) {
      super(1);
      this.most = most;
    }

    @Override
    public int maxEventSize() {
      return most;
    }
  }

  private static final long[] CALLERS = LongStream.range(0, 100).map(i -> 1_000 + i).toArray();

  private static void assertFrames(MemorySegment event, int count) {
    assertEquals(HEAD + 8 * count, event.byteSize());
    assertEquals(count, event.get(EventFields.LONG, 8));
    for (int i = 0; i < count; i++) {
      assertEquals(CALLERS[i], event.get(EventFields.LONG, HEAD + 8 * i));
    }
  }

  @Test
  void aStackHasTheFramesThatFit() throws Exception {
    PageBuffer buffer = new PageBuffer(new SmallRing(HEAD + 8 * 30 + 7));
    assertTrue(FunctionGraph.stack(buffer, CALLERS));
    assertFrames(buffer.pageRing().events().getLast(), 30);
    buffer.close();
  }

  @Test
  void aRingThatTakesLessMayComeMeanwhile() throws Exception {
    PageRing sealed = new PageRing(1);
    sealed.seal();
    PageRing smaller = new SmallRing(HEAD + 8 * 10);
    smaller.seal();
    PageRing next = new SmallRing(HEAD + 8 * 20);
    PageBuffer turned =
        new PageBuffer(sealed) {
          @Override
          public RingWriter successor(RingWriter ring) {
            return ring == sealed ? smaller : next;
          }
        };
    assertTrue(FunctionGraph.stack(turned, CALLERS));
    assertEquals(0, sealed.attempts() + smaller.attempts());
    assertFrames(next.events().getLast(), 20);
    assertEquals(0, next.openReservations());
    turned.close();
  }

  @Test
  void whatFailsWhileItIsFilledIsTakenBack() {
    InternalError cut = new InternalError("the memory is gone");
    PageRing ring =
        new PageRing(1) {
          @Override
          public MemorySegment memory(long reservation) {
            throw cut;
          }
        };
    PageBuffer buffer = new PageBuffer(ring);
    assertSame(cut, assertThrows(InternalError.class, () -> FunctionGraph.entry(buffer, 4_096, 1)));
    assertSame(cut, assertThrows(InternalError.class, () -> FunctionGraph.stack(buffer, CALLERS)));
    assertEquals(0, ring.openReservations());
    assertEquals(2, ring.discarded());
    buffer.close();
  }
}
