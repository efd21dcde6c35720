/** Reads and writes trace.dat files. */
module org.pagewheel.tracedat {
  requires static com.github.luben.zstd_jni;
  requires transitive org.pagewheel.api;

  exports org.pagewheel.tracedat;
}
