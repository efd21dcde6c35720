/** The tracing ring buffer: buffers, events, readers, and what plugins implement. */
module org.pagewheel {
  requires java.logging;
  requires java.management;
  requires jdk.httpserver;
  requires jdk.jfr;
  requires jdk.management;
  requires static java.instrument;
  requires static jdk.unsupported;

  exports org.pagewheel;
  exports org.pagewheel.consumer.stats;
  exports org.pagewheel.event;
  exports org.pagewheel.format;
  exports org.pagewheel.runtime;
  exports org.pagewheel.spi;
  exports org.pagewheel.tracedat;

  uses org.pagewheel.ringfile.LeftFiles;
  uses org.pagewheel.spi.Backend;
  uses org.pagewheel.spi.ConsumerFactory;
  uses org.pagewheel.spi.Source;

  provides org.pagewheel.spi.Backend with
      org.pagewheel.backend.heap.internal.HeapBackend,
      org.pagewheel.backend.lockfree.internal.LockFreeBackend,
      org.pagewheel.backend.offheap.internal.OffHeapBackend;
  provides org.pagewheel.spi.ConsumerFactory with
      org.pagewheel.consumer.splice.internal.SpliceFactory,
      org.pagewheel.consumer.network.internal.NetworkFactory,
      org.pagewheel.consumer.stats.internal.StatsFactory;
  provides org.pagewheel.spi.Source with
      org.pagewheel.sources.internal.JvmSource;
}
