/**
 * The conformance kit: what every backend has to pass. A backend's author writes one class that
 * extends {@link org.pagewheel.tck.RingConformance}; {@code org.pagewheel.tck.reference} shows the
 * simplest backend and that class.
 *
 * <p>The tests are grouped by the promises that they hold a ring to: each {@code …Promises} class
 * quotes the Javadoc of {@link org.pagewheel.spi.RingWriter}, {@link org.pagewheel.spi.PageSource},
 * {@link org.pagewheel.Counters} or {@link org.pagewheel.spi.Ring} in the names of its tests. What
 * is random prints its seed; {@code -Dtck.seed=…} repeats a run, {@code -Dtck.seconds=…} makes the
 * stress tests longer.
 */
package org.pagewheel.tck;
