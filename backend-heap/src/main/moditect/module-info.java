/** Rings of pages on the Java heap, under a lock. */
module org.pagewheel.backend.heap {
  requires org.pagewheel.api;

  opens org.pagewheel.backend.heap.internal to
      org.pagewheel.api;

  provides org.pagewheel.spi.Backend with
      org.pagewheel.backend.heap.internal.HeapBackend;
}
