/** Streams to {@code trace-cmd listen}. */
module org.pagewheel.consumer.network {
  requires org.pagewheel.api;
  requires org.pagewheel.tracedat;

  opens org.pagewheel.consumer.network.internal to
      org.pagewheel.api;

  provides org.pagewheel.spi.ConsumerFactory with
      org.pagewheel.consumer.network.internal.NetworkFactory;
}
