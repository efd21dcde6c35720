package org.pagewheel.embedded;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** A Tomcat with web applications that come and go. */
public final class TwoShops {
  private TwoShops() {}

  /**
   * Runs each application once, all at a time.
   *
   * @param directories theirs
   */
  public static void main(String[] directories) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Path.of("tomcat").toAbsolutePath().toString());
    tomcat.setPort(0);
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    List<Context> contexts = new ArrayList<>();
    for (String directory : directories) {
      String name = Path.of(directory).getFileName().toString();
      Context context =
          tomcat.addContext("/" + name, Path.of(directory).toAbsolutePath().toString());
      context.addApplicationListener("shop.ShopListener");
      contexts.add(context);
    }
    tomcat.start();
    for (Context context : contexts) {
      if (!context.getState().isAvailable()) {
        throw new IllegalStateException(context.getPath() + " did not start");
      }
      loaders.add(new WeakReference<>(context.getLoader().getClassLoader()));
    }
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName pattern = new ObjectName("org.pagewheel:type=Buffer,name=main,*");
    while (server.queryNames(pattern, null).size() < directories.length) {
      Thread.sleep(20); // the time limit is that of the test
    }
    for (Context context : contexts) {
      context.stop();
      tomcat.getHost().removeChild(context);
      context.destroy();
    }
    contexts.clear();
    if (!server.queryNames(new ObjectName("org.pagewheel:*"), null).isEmpty()) {
      throw new IllegalStateException("there are beans of nobody");
    }
    for (WeakReference<ClassLoader> loader : loaders) {
      while (loader.get() != null) {
        System.gc();
        Thread.sleep(20); // the time limit is that of the test
      }
    }
    System.out.println("collected");
    tomcat.stop();
    tomcat.destroy();
  }
}
