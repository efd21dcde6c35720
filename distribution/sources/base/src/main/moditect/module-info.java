/** Events of the JVM. */
module org.pagewheel.sources {
  requires jdk.jfr;
  requires org.pagewheel.api;

  provides org.pagewheel.spi.Source with
      org.pagewheel.sources.internal.JvmSource;
}
