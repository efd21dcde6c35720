package app;

import java.util.List;

/** Says what it sees of the recorder, then waits for a line on its input. */
public final class App {
  private App() {}

  public static void main(String[] args) throws Exception {
    System.out.println("main");
    while (System.in.read() == '?') {
      for (String name :
          List.of(
              "com.google.inject.Guice",
              "com.google.common.base.Strings",
              "com.typesafe.config.Config",
              "org.apache.felix.service.command.CommandProcessor",
              "org.osgi.framework.BundleContext",
              "org.pagewheel.Buffer")) {
        try {
          Class.forName(name);
          System.out.println("sees " + name);
        } catch (ClassNotFoundException e) {
          // as it should be
        }
      }
      System.out.println("looked");
    }
    System.out.println("end");
  }
}
