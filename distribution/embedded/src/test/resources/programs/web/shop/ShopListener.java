package shop;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.nio.file.Path;
import org.pagewheel.event.EventType;
import org.pagewheel.runtime.Pagewheel;

/** A web application that records itself from its start to its end. */
public final class ShopListener implements ServletContextListener {
  record Opened(String application) {}

  private static final EventType<Opened> OPENED = EventType.of("shop", Opened.class);

  private Pagewheel pagewheel;

  @Override
  public void contextInitialized(ServletContextEvent start) {
    pagewheel = Pagewheel.start();
    String name = start.getServletContext().getContextPath();
    OPENED.record(pagewheel.buffers().get("main"), new Opened(name));
    try {
      pagewheel.buffers().save(Path.of(name.substring(1) + ".dat"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void contextDestroyed(ServletContextEvent end) {
    pagewheel.close();
  }
}
