/** Lock-free rings in mapped files. */
module org.pagewheel.backend.offheap {
  requires transitive org.pagewheel.api;
  requires org.pagewheel.backend.lockfree;

  exports org.pagewheel.ringfile;

  opens org.pagewheel.backend.offheap.internal to
      org.pagewheel.api;

  uses org.pagewheel.ringfile.LeftFiles;

  provides org.pagewheel.spi.Backend with
      org.pagewheel.backend.offheap.internal.OffHeapBackend;
}
