package org.pagewheel.benchmarks;

import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The peer in the JDK: an event of three longs without a stack trace, to disk or in memory. */
public class JfrBenchmark {
  @Name("benchmark.Three")
  @StackTrace(false)
  static class Three extends Event {
    long first;
    long second;
    long third;
  }

  /** A recording of nothing else. */
  @State(Scope.Benchmark)
  public static class Running {
    private static final long MAX_BYTES = 64 << 20;

    @Param("true")
    public boolean disk;

    private Recording recording;

    @Setup(Level.Trial)
    public void start() {
      recording = new Recording();
      recording.setToDisk(disk);
      if (disk) {
        recording.setMaxSize(MAX_BYTES);
      }
      recording.enable(Three.class).withoutThreshold();
      recording.start();
    }

    @TearDown(Level.Trial)
    public void stop() {
      recording.close();
    }
  }

  @Benchmark
  public void commit(Running running, Payload payload) {
    long value = payload.next();
    Three event = new Three();
    event.first = value;
    event.second = value;
    event.third = value;
    event.commit();
  }
}
