package org.pagewheel.runtime.internal.jmx;

import java.lang.management.ManagementFactory;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.pagewheel.Buffer;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.internal.lifecycle.Reports;

/**
 * Registers buffers as {@code org.pagewheel:type=Buffer,name=…}, for as long as they are open. Of
 * several Pagewheels in one process those after the first have {@code instance=2} and so on in
 * theirs.
 *
 * <p>How it works: the JVM's server is made by who asks first, and that takes long; so what comes
 * is registered by a thread that waits for it, and what goes is taken away at once.
 */
public final class BufferBeans implements AutoCloseable {
  private static final String NAME = "org.pagewheel:type=Buffer,name=";

  private final Administration administration;
  private final Executor later;
  private final Reports reports;

  /** Guarded by itself; null where its turn has not come yet. */
  private final Map<Buffer, ObjectName> names = new IdentityHashMap<>();

  /**
   * @param later registers what has come
   */
  public BufferBeans(Administration administration, Executor later, Reports reports) {
    this.administration = administration;
    this.later = later;
    this.reports = reports;
  }

  /** A buffer has been made. */
  public void add(Buffer buffer) {
    synchronized (names) {
      names.put(buffer, null);
    }
    later.execute(
        () -> {
          try {
            register(buffer);
          } catch (JMException | RuntimeException e) {
            reports.problem("buffer %s has no bean: %s".formatted(buffer.name(), e.getMessage()));
          }
        });
  }

  private void register(Buffer buffer) throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    BufferBean bean = new BufferBean(buffer, administration);
    synchronized (names) {
      for (int i = 1; names.containsKey(buffer) && names.get(buffer) == null; i++) {
        ObjectName next = new ObjectName(NAME + buffer.name() + (i == 1 ? "" : ",instance=" + i));
        try {
          server.registerMBean(bean, next);
          names.put(buffer, next);
        } catch (InstanceAlreadyExistsException e) {
          // the next one, then
        }
      }
    }
  }

  /** A buffer has been closed. */
  public void remove(Buffer buffer) {
    synchronized (names) {
      ObjectName name = names.remove(buffer);
      if (name != null) {
        unregister(name);
      }
    }
  }

  private void unregister(ObjectName name) {
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
    } catch (InstanceNotFoundException e) {
      // somebody else has done it
    } catch (JMException e) {
      reports.problem("the bean %s stays: %s".formatted(name, e.getMessage()));
    }
  }

  /** Takes all away. */
  @Override
  public void close() {
    synchronized (names) {
      names.values().stream().filter(name -> name != null).forEach(this::unregister);
      names.clear();
    }
  }
}
