package org.pagewheel.consumer.network.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.pagewheel.Page;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.PageConsumer;
import org.pagewheel.spi.Quantity;
import org.pagewheel.spi.Reason;
import org.pagewheel.tracedat.Losses;

/**
 * Streams pages to {@code trace-cmd listen}.
 *
 * <p>How it works: while there is a connection, a page is written to it on the caller's thread, for
 * at most the write-timeout. Everything else that may take long (resolving, connecting, waiting for
 * a listener to finish its file) is done by a worker thread, which exists only while there is such
 * work. Meanwhile pages are copied into the spool, and refused when it is full, so that the caller
 * counts them. The worker also empties the spool into the new connection, a page at a time; while
 * it is not empty, new pages queue after those in it.
 *
 * <p>The account: what a connection has carried is lost unless the listener confirms at the end
 * that it has stored all of it. If it breaks before that, the next connection reports as lost all
 * events and all losses that it carried, in the next page of each CPU. (Some listeners keep what
 * they received all the same; the reported number is then too high, never too low.)
 *
 * <p>A problem lasts until the listener has read a page, as far as is known: many peers accept a
 * connection and bytes, and then hang up.
 *
 * <p>A listener takes the header once. A page with an event type that the connection's header does
 * not describe therefore begins a new connection; so does one with a thread that it does not name,
 * but at most once per names-interval.
 */
final class NetworkConsumer implements PageConsumer {
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(10);
  private static final int MAX_DOUBLINGS = 10;

  /** How often, at most, to check whether a page has been read. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Connecting, the header, and ending the previous connection: each has the connect-timeout. */
  private static final int LAST_STEPS = 4;

  private final ConsumerContext context;
  private final NetworkSettings settings;
  private final Target target;
  private final HeaderMaker headers;
  private final PageScan scan = new PageScan();

  /** Guards all that follows; not held while the worker connects or finishes. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final Spool spool;

  /** Reported in the next page of each CPU. */
  private final Losses owed = new Losses();

  private Connection connection;

  /** Earlier connections, which the worker is to finish. */
  private final ArrayDeque<Connection> ending = new ArrayDeque<>();

  private Thread worker;

  /** Attempts and connections that have failed since a listener last read a page. */
  private int failures;

  private long looked;

  private String problem;

  /** The last problem. */
  private String cause;

  private boolean closing;

  NetworkConsumer(ConsumerContext context, NetworkSettings settings, Target target) {
    this.context = context;
    this.settings = settings;
    this.target = target;
    this.headers = new HeaderMaker(context);
    this.spool = new Spool(settings.spool());
  }

  @Override
  public void accept(Page page, long missed) throws IOException {
    acquire();
    try {
      if (closing) {
        throw new IOException("the connection to " + target + " is closed");
      }
      if (spool.isEmpty() && trySend(page.cpu(), page.memory(), missed)) {
        return;
      }
      if (!spool.add(page, missed)) {
        throw new IOException(
            "%s, and the spool of %s is full"
                .formatted(
                    problem == null ? target + " is too slow" : problem,
                    Quantity.text(settings.spool())));
      }
      work();
    } finally {
      lock.unlock();
    }
  }

  private void acquire() throws IOException {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Sends a page, if a connection can carry it; else there is no connection after this. */
  private boolean trySend(int cpu, MemorySegment page, long missed) {
    if (connection == null) {
      return false;
    }
    Header header = connection.header();
    scan.scan(page, headers.hasMore(header) ? header : null);
    if (!suits(header, cpu, page)) {
      ending.add(connection);
      connection = null;
      return false;
    }
    long lost = Losses.sum(missed, owed.get(cpu));
    try {
      connection.send(cpu, page, lost, Losses.sum(scan.events(), lost), scan.count());
    } catch (IOException e) {
      lose(connection, e);
      connection = null;
      return false;
    }
    owed.clear(cpu);
    if (problem != null && System.nanoTime() - looked > LOOK_NANOS) {
      lookForReader();
    }
    return true;
  }

  private void lookForReader() {
    looked = System.nanoTime();
    try {
      if (connection.isRead()) {
        failures = 0;
        tell(null);
      }
    } catch (IOException e) {
      // it is broken, as the next page will find out
    }
  }

  private boolean suits(Header header, int cpu, MemorySegment page) {
    if (cpu >= header.cpus()
        || page.byteSize() != header.pageSize()
        || !headers.clock().equals(header.clock())) {
      return false;
    }
    if (scan.newType() != PageScan.NONE && headers.isKnown(scan.newType())) {
      return false;
    }
    return scan.newThread() == PageScan.NONE
        || System.nanoTime() - header.made() < settings.namesInterval()
        || !headers.isNamed(scan.newThread());
  }

  /** A connection has ended before its file was finished. */
  private void lose(Connection broken, IOException why) {
    // A time-out, or an interrupt: the listener may still be there and save what it has.
    broken.abandon(!(why instanceof InterruptedIOException));
    Losses gone = broken.unconfirmed();
    long events = gone.total();
    owed.addAll(gone);
    failures++;
    String lost = events == 0 ? "" : ": " + text(events) + " are lost with its file";
    tell("the connection to " + target + " broke, " + Reason.of(why) + lost);
    context.lost(broken.carried());
  }

  private static String text(long events) {
    return events < 0 ? "an unknown number of events" : events + " events";
  }

  private void tell(String now) {
    if (!Objects.equals(problem, now)) {
      problem = now;
      cause = now == null ? cause : now;
      context.report(now);
    }
  }

  /** Makes sure that there is a worker. */
  private void work() {
    if (worker == null) {
      worker =
          Thread.ofPlatform()
              .daemon()
              .name("pagewheel-network-" + context.name())
              .start(this::runWorker);
    }
  }

  private void runWorker() {
    boolean more = true;
    while (more) {
      try {
        more = step();
      } catch (InterruptedException e) {
        more = false;
      } catch (RuntimeException | Error e) {
        more = failed("cannot stream to " + target + ": " + Reason.of(e));
      }
    }
    lock.lock();
    try {
      worker = worker == Thread.currentThread() ? null : worker;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does one piece of work, without the lock if it takes long; false if there is none. A listener
   * takes a second for its file, during which pages are already sent.
   */
  private boolean step() throws InterruptedException {
    lock.lockInterruptibly();
    Connection before;
    Spool.Waiting first;
    try {
      before = ending.peekLast();
      first = spool.first();
      if (before == null && first == null) {
        worker = null; // with the lock held: from now on another is started when needed
        return false;
      }
      if (before == null || before.isStored()) {
        if (first != null && connection != null) {
          if (trySend(first.cpu(), first.memory(), first.missed())) {
            spool.removeFirst();
          }
          return true;
        }
        if (first != null) {
          pause();
        }
      }
    } finally {
      lock.unlock();
    }
    if (before != null && !before.isStored()) {
      return store(before);
    }
    return first != null ? connect(first) : finish();
  }

  /** Waits before another attempt, unless that is to be the last one. */
  private void pause() throws InterruptedException {
    if (failures == 0) {
      return;
    }
    long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, MAX_DOUBLINGS));
    while (pause > 0 && !closing) {
      pause = changed.awaitNanos(pause);
    }
  }

  private boolean store(Connection old) throws InterruptedException {
    IOException failure = null;
    try {
      old.store();
    } catch (IOException e) {
      failure = e;
    }
    lock.lockInterruptibly();
    try {
      if (failure != null) {
        ending.remove(old);
        lose(old, failure);
      }
    } finally {
      lock.unlock();
    }
    return true;
  }

  private boolean finish() throws InterruptedException {
    lock.lockInterruptibly();
    Connection old;
    try {
      old = ending.poll();
    } finally {
      lock.unlock();
    }
    if (old != null) {
      old.finish();
    }
    return true;
  }

  private boolean connect(Spool.Waiting first) throws InterruptedException {
    Connection made;
    try {
      Header header = headers.make(first.cpu(), (int) first.memory().byteSize());
      made = Connection.open(target, settings, header);
    } catch (IOException | IllegalArgumentException e) {
      return failed("cannot stream to " + target + ": " + Reason.of(e));
    }
    lock.lockInterruptibly();
    try {
      connection = made;
    } finally {
      lock.unlock();
    }
    return true;
  }

  /** Whether to try again. */
  private boolean failed(String why) {
    lock.lock();
    try {
      failures++;
      tell(why);
      return !closing;
    } finally {
      lock.unlock();
    }
  }

  /** Every page is already on its way; but this notices a listener that has gone. */
  @Override
  public void flush() throws IOException {
    acquire();
    try {
      if (connection != null) {
        connection.check();
        if (problem != null) {
          lookForReader();
        }
      }
    } catch (IOException e) {
      lose(connection, e);
      connection = null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether, as far as is known, there is a connection and nothing waits; for tests. */
  boolean isStreaming() throws IOException {
    flush();
    acquire();
    try {
      return connection != null && spool.isEmpty() && ending.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends what waits, with one more attempt to connect if needed, and waits until the listener has
   * stored everything.
   */
  @Override
  public void close() throws IOException {
    lock.lock(); // also on an interrupted thread: then nothing below waits
    try {
      headers.close();
      closing = true;
      if (!ending.isEmpty() || !spool.isEmpty()) {
        work();
      }
      changed.signalAll();
      awaitWorker();
      if (connection != null) {
        finishLast();
      }
      long lost = Losses.sum(owed.total(), spool.events());
      if (lost != 0) {
        throw new IOException(
            "%s did not arrive%s".formatted(text(lost), cause == null ? "" : ": " + cause));
      }
    } finally {
      lock.unlock();
    }
  }

  private void awaitWorker() {
    long left = LAST_STEPS * settings.connectTimeout() + settings.writeTimeout();
    try {
      while (worker != null && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (worker != null) {
      worker.interrupt();
    }
  }

  private void finishLast() {
    Connection last = connection;
    connection = null;
    try {
      last.store();
      last.finish();
    } catch (IOException e) {
      lose(last, e);
    }
  }
}
