package org.pagewheel.spi;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.pagewheel.Page;

/**
 * A consumer for which several pages at once are less work than one after another. It gets all
 * pages by {@link #accept(List, long)}, as many as wait and may be held at once.
 */
@ConsumerType
public interface BatchConsumer extends PageConsumer {
  /** A page alone is a batch of one. */
  @Override
  default void accept(Page page, long missed) throws IOException {
    accept(List.of(page), missed);
  }

  /**
   * Takes some pages, or the first of them. They are valid until this method returns.
   *
   * @param pages at least one; all of one CPU and one size, in order, and nothing was missed
   *     between them but what they themselves report
   * @param missed how many events this consumer alone missed before the first, as in {@link
   *     PageConsumer#accept}
   * @return how many it took, from the first on, at least 1; the others come again
   * @throws IOException if the first could not be consumed; its events count as missed by this
   *     consumer, and the others come again
   */
  int accept(List<Page> pages, long missed) throws IOException;
}
