package web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.catalina.startup.Tomcat;

/** A Tomcat that answers itself. */
public final class Web {
  private Web() {}

  public static void main(String[] args) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Path.of("tomcat").toAbsolutePath().toString());
    tomcat.setPort(0);
    var context = tomcat.addContext("", null);
    Tomcat.addServlet(
        context,
        "hello",
        new HttpServlet() {
          private static final long serialVersionUID = 1;

          @Override
          protected void doGet(HttpServletRequest request, HttpServletResponse response)
              throws IOException {
            response.getWriter().print("hello");
          }
        });
    context.addServletMappingDecoded("/", "hello");
    tomcat.start();
    System.out.println("main");
    while (System.in.read() == '?') {
      URI uri = URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + "/");
      try (var in = uri.toURL().openStream()) {
        System.out.println(new String(in.readAllBytes()));
      }
    }
    tomcat.stop();
    tomcat.destroy();
    System.out.println("end");
  }
}
