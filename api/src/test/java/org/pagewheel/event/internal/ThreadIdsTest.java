package org.pagewheel.event.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Metadata;

/** The numbers and names of threads; on Linux. */
class ThreadIdsTest {
  private static <T> T on(Thread.Builder builder, Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    builder.start(future).join();
    return future.get();
  }

  private static String name(int pid) {
    return Metadata.process().threadNames().get(pid);
  }

  @Test
  void aPlatformThreadHasItsLinuxThreadId() throws Exception {
    List<Integer> pids =
        on(
            Thread.ofPlatform(),
            () -> {
              Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
              int linux = Integer.parseInt(self.getFileName().toString());
              return List.of(linux, ThreadIds.current(), ThreadIds.current());
            });
    assertEquals(pids.get(0), pids.get(1));
    assertEquals(pids.get(0), pids.get(2));
  }

  @Test
  void aVirtualThreadHasANumberThatNoLinuxThreadReaches() throws Exception {
    List<Long> ids =
        on(
            Thread.ofVirtual(),
            () -> List.of(Thread.currentThread().threadId(), (long) ThreadIds.current()));
    assertEquals(4_194_304 + ids.get(0), ids.get(1));
    assertEquals(EventType.pidOfVirtual(ids.get(0)), ids.get(1).intValue());
  }

  @Test
  void aNameIsTheOneOfTheMomentAndStaysWhenTheThreadIsGone() throws Exception {
    CountDownLatch known = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    int[] pid = new int[1];
    Callable<Void> life =
        () -> {
          pid[0] = ThreadIds.current();
          known.countDown();
          end.await();
          return null;
        };
    Thread thread = Thread.ofPlatform().name("before").start(new FutureTask<>(life));
    known.await();
    assertEquals("before", name(pid[0]));
    thread.setName("after\twards");
    assertEquals("after wards", name(pid[0]));
    end.countDown();
    thread.join();
    thread = null;
    System.gc();
    assertEquals("after wards", name(pid[0]));
  }

  @Test
  void anUnnamedVirtualThreadIsCalledByItsId() throws Exception {
    int pid = on(Thread.ofVirtual(), ThreadIds::current);
    assertEquals("virtual-" + (pid - 4_194_304), name(pid));
  }

  @Test
  void threadsThatShareAPlaceInTheTableKeepTheirNumbers() throws Exception {
    int mine = ThreadIds.current();
    Set<Integer> others = new HashSet<>();
    for (int i = 0; i < 40_000; i++) { // each place is taken more than twice
      others.add(on(Thread.ofVirtual(), ThreadIds::current));
    }
    assertEquals(40_000, others.size());
    assertEquals(mine, ThreadIds.current());
  }

  @Test
  void twoRunningThreadsThatShareAPlaceAreNotMixedUp() throws Exception {
    Object lock = new Object();
    List<int[]> seen = new ArrayList<>();
    Thread first = Thread.ofVirtual().unstarted(() -> look(lock, seen));
    Thread second;
    do {
      second = Thread.ofVirtual().unstarted(() -> look(lock, seen));
    } while ((second.threadId() - first.threadId()) % ThreadIds.PLACES != 0);
    first.start();
    second.start();
    first.join();
    second.join();
    assertEquals(2000, seen.size());
    for (int[] pids : seen) {
      assertEquals(pids[0], pids[1]);
    }
  }

  private static void look(Object lock, List<int[]> seen) {
    int expected = (int) (4_194_304 + Thread.currentThread().threadId());
    for (int i = 0; i < 1000; i++) {
      synchronized (lock) {
        seen.add(new int[] {expected, ThreadIds.current()});
      }
      Thread.yield();
    }
  }

  @Test
  void theNewestNamesAreKeptAndPlatformThreadsApart() {
    ThreadNames names = new ThreadNames();
    Thread main = Thread.currentThread();
    names.add(1, main);
    for (int i = 0; i < ThreadNames.LIMIT + 10; i++) {
      names.add(5_000_000 + i, Thread.ofVirtual().name("v" + i).unstarted(() -> {}));
    }
    assertEquals(ThreadNames.LIMIT + 1, names.names().size());
    assertEquals(main.getName(), names.names().get(1));
    assertNull(names.names().get(5_000_009));
    assertEquals("v10", names.names().get(5_000_010));
  }

  @Test
  void aNumberThatLinuxGivesAgainGetsTheNewName() {
    ThreadNames names = new ThreadNames();
    names.add(7, Thread.ofPlatform().name("old").unstarted(() -> {}));
    names.add(7, Thread.ofPlatform().name("new").unstarted(() -> {}));
    assertEquals("new", names.names().get(7));
    names.add(8, "VM Thread");
    names.add(8, "VM\nThread 2");
    assertEquals("VM Thread 2", names.names().get(8));
    assertEquals(2, names.names().size());
  }
}
