/** Commands for Gogo, in a container; nothing of it is for applications. */
module org.pagewheel.shell {
  requires static jdk.attach;
  requires static jdk.net;
  requires static org.apache.felix.gogo.jline;
  requires static org.apache.felix.gogo.runtime;
  requires static org.jline;
  requires org.pagewheel.analysis;
  requires org.pagewheel.api;
  requires org.pagewheel.backend.lockfree;
  requires org.pagewheel.backend.offheap;
  requires org.pagewheel.probes;
  requires org.pagewheel.runtime;
  requires org.pagewheel.tracedat;
}
