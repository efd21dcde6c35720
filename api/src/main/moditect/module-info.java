/** Buffers, events and readers; what plugins implement; the format of pages. */
module org.pagewheel.api {
  requires java.logging;

  exports org.pagewheel;
  exports org.pagewheel.event;
  exports org.pagewheel.format;
  exports org.pagewheel.spi;
}
