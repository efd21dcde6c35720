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
 * Registers buffers as {@code org.pagewheel:type=Buffer,name=…}, for as long as they are open. If
 * there are several Pagewheels in one process, the names of those after the first have {@code
 * instance=2} and so on.
 *
 * <p>How it works: the JVM's server is made by the first caller, which takes long; so a thread that
 * waits for it registers new buffers, and closed ones are removed at once.
 */
public final class BufferBeans implements AutoCloseable {
  private static final String NAME = "org.pagewheel:type=Buffer,name=";

  private final Administration administration;
  private final Executor later;
  private final Reports reports;

  /** Guarded by itself; a null value is not registered yet. */
  private final Map<Buffer, ObjectName> names = new IdentityHashMap<>();

  /**
   * @param later runs the registration of new buffers
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
      // it is already done
    } catch (JMException e) {
      reports.problem("the bean %s stays: %s".formatted(name, e.getMessage()));
    }
  }

  /** Removes all of them. */
  @Override
  public void close() {
    synchronized (names) {
      names.values().stream().filter(name -> name != null).forEach(this::unregister);
      names.clear();
    }
  }
}
