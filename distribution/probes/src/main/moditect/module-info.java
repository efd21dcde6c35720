/** Probes and function graphs of running code. */
module org.pagewheel.probes {
  requires transitive java.instrument;
  requires transitive org.pagewheel.api;

  exports org.pagewheel.probes;
}
