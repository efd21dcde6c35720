/** Questions about traces, and their answers. */
module org.pagewheel.analysis {
  requires transitive org.pagewheel.api;
  requires transitive org.pagewheel.tracedat;

  exports org.pagewheel.analysis;
}
