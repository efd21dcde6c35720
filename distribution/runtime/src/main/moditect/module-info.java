/** Named buffers, their configuration, and the replacement of rings. */
module org.pagewheel.runtime {
  requires com.google.common;
  requires com.google.guice;
  requires jakarta.inject;
  requires java.management;
  requires org.pagewheel.analysis;
  requires transitive org.pagewheel.api;
  requires org.pagewheel.tracedat;
  requires typesafe.config;

  exports org.pagewheel.runtime;

  uses org.pagewheel.spi.Backend;
  uses org.pagewheel.spi.ConsumerFactory;
  uses org.pagewheel.spi.Source;
}
