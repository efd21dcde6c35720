package org.pagewheel.benchmarks;

import com.example.traced.Work;
import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import jdk.jfr.Recording;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.pagewheel.probes.GraphOptions;
import org.pagewheel.probes.ProbeOptions;
import org.pagewheel.probes.Probes;

/** A short method, {@link Work}, and what traces it. */
@State(Scope.Benchmark)
public class TracedMethod extends BufferUnderTest {
  private static final String METHOD = Work.class.getName() + ".work";
  private static final Duration NEVER = Duration.ofHours(1);

  /** {@code none}, {@code probe}, {@code graph}, {@code longer} or {@code jfr}. */
  @Param("none")
  public String tracing;

  private Probes probes;
  private Recording recording;

  private static volatile Instrumentation given;

  /** The agent that this JVM attaches to itself; called by the JVM. */
  public static void agentmain(String options, Instrumentation instrumentation) {
    given = instrumentation;
  }

  @Override
  public void open() throws IOException {
    super.open();
    Work.work(1, 2); // its class is loaded
    switch (tracing) {
      case "probe" -> probes().probe("benchmark", ProbeOptions.of(METHOD + "(first, second)"));
      case "graph" -> probes().graph("benchmark", GraphOptions.of(METHOD));
      case "longer" -> probes().graph("benchmark", GraphOptions.of(METHOD).withLonger(NEVER));
      case "jfr" -> {
        recording = new Recording();
        recording.enable("jdk.MethodTrace").with("filter", METHOD.replace(".work", "::work"));
        recording.start();
      }
      default -> {} // the method alone
    }
  }

  private Probes probes() throws IOException {
    probes = Probes.of(instrumentation(), buffers(), 1);
    return probes;
  }

  /** What an agent of this JVM has. */
  private static Instrumentation instrumentation() throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Agent-Class", TracedMethod.class.getName());
    attributes.putValue("Can-Retransform-Classes", "true");
    Path jar = Files.createTempFile("pagewheel-benchmark", ".jar");
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close(); // the class is on the class path
    }
    try {
      VirtualMachine jvm = VirtualMachine.attach(Long.toString(ProcessHandle.current().pid()));
      jvm.loadAgent(jar.toString());
      jvm.detach();
    } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
      throw new IOException(e);
    } finally {
      Files.delete(jar);
    }
    return given;
  }

  @Override
  public void close() throws IOException {
    if (probes != null) {
      probes.close();
    }
    if (recording != null) {
      recording.close();
    }
    super.close();
  }
}
