/** Rates, losses and latencies, by JMX, OpenMetrics and events. */
module org.pagewheel.consumer.stats {
  requires transitive java.management;
  requires jdk.httpserver;
  requires org.pagewheel.api;

  exports org.pagewheel.consumer.stats;

  opens org.pagewheel.consumer.stats.internal to
      org.pagewheel.api;

  provides org.pagewheel.spi.ConsumerFactory with
      org.pagewheel.consumer.stats.internal.StatsFactory;
}
