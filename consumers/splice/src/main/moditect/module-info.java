/** Writes rotating trace.dat files. */
module org.pagewheel.consumer.splice {
  requires org.pagewheel.api;
  requires org.pagewheel.tracedat;

  opens org.pagewheel.consumer.splice.internal to
      org.pagewheel.api;

  provides org.pagewheel.spi.ConsumerFactory with
      org.pagewheel.consumer.splice.internal.SpliceFactory;
}
