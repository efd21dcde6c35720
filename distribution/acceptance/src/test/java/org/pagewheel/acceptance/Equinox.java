package org.pagewheel.acceptance;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.osgi.framework.launch.FrameworkFactory;

/** The second framework, with classes of its own but for OSGi's interfaces. */
final class Equinox {
  private static final Path JAR = Path.of("target", "frameworks", "equinox.jar");

  private Equinox() {}

  /** Never closed: Equinox still loads classes when the JVM ends. */
  static FrameworkFactory factory() throws MalformedURLException {
    var loader = new URLClassLoader(new URL[] {JAR.toUri().toURL()}, new Interfaces());
    return ServiceLoader.load(FrameworkFactory.class, loader).findFirst().orElseThrow();
  }

  /** The JDK, and of the tests' class path the interfaces through which they talk to it. */
  private static final class Interfaces extends ClassLoader {
    Interfaces() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("org.osgi.")) {
        return Equinox.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
