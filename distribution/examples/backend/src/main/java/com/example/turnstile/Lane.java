package com.example.turnstile;

import java.lang.foreign.MemorySegment;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.spi.CpuPages;
import org.pagewheel.spi.RecordedPage;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.spi.RingOfCpus;

/**
 * The ring of one CPU. Its monitor is the turnstile: one thread at a time, writer or reader. What a
 * backend of its own has to decide is here: how the pages are guarded, and where they lie.
 */
final class Lane implements RingOfCpus.CpuRing {
  /** How many pages readers may hold at once. */
  private static final int SPARES = 4;

  private final int pageSize;
  private final CpuPages pages;

  Lane(RingConfig config, int cpu) {
    pageSize = config.buffer().pageSize();
    pages = new CpuPages(config, cpu, SPARES, this::page, this::release);
  }

  /** How many pages each lane of a buffer has. */
  static int pages(BufferConfig config) {
    return config.pages() + SPARES;
  }

  /** Backed by longs, so that 8-byte fields of events can be aligned. */
  private MemorySegment page() {
    return MemorySegment.ofArray(new long[pageSize / Long.BYTES]);
  }

  private synchronized void release(RecordedPage page) {
    pages.release(page);
  }

  // ---- writers

  @Override
  public synchronized long refuse(long cause) {
    return pages.refuse(cause);
  }

  @Override
  public synchronized long reserve(int length) {
    return pages.reserve(length);
  }

  /** Without the monitor, as are the bytes that are written there. */
  @Override
  public MemorySegment memory(long reservation) {
    return pages.memory(reservation);
  }

  @Override
  public synchronized void commit(long reservation) {
    pages.commit(reservation);
  }

  @Override
  public synchronized void discard(long reservation) {
    pages.discard(reservation);
  }

  // ---- readers

  @Override
  public synchronized Page take(boolean open) {
    return pages.take(open);
  }

  @Override
  public synchronized Page copy(long from, MemorySegment into) {
    return pages.copy(from, into);
  }

  @Override
  public synchronized void flush() {
    pages.flush();
  }

  @Override
  public synchronized int unreadPages() {
    return pages.unreadPages();
  }

  @Override
  public synchronized Counters counters() {
    return pages.counters();
  }

  @Override
  public synchronized RingView view() {
    return pages.view();
  }

  // ---- the end

  @Override
  public synchronized void seal() {
    pages.seal();
  }

  @Override
  public synchronized boolean hasOpenEvents() {
    return pages.hasOpenEvents();
  }

  @Override
  public synchronized void close() {
    pages.close();
  }
}
