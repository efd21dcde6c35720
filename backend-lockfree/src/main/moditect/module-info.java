/** Lock-free rings. */
module org.pagewheel.backend.lockfree {
  requires java.management;
  requires jdk.management;
  requires transitive org.pagewheel.api;

  exports org.pagewheel.ring;

  opens org.pagewheel.backend.lockfree.internal to
      org.pagewheel.api;

  provides org.pagewheel.spi.Backend with
      org.pagewheel.backend.lockfree.internal.LockFreeBackend;
}
