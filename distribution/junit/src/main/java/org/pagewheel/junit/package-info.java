/**
 * An extension of JUnit 5.13 and later: a buffer for each test, its events as values to compare,
 * and its trace in a file where the test fails.
 *
 * {@snippet :
 * @RecordEvents
 * class ShopTest {
 *   @Test
 *   void anOrderIsFilled(Recording recording) {
 *     new Shop(recording.buffer()).buy("ACME", 17);
 *     assertEquals(List.of(new OrderFilled(17, "ACME")), recording.events(Shop.FILLED));
 *   }
 * }
 * }
 *
 * <p>{@link org.pagewheel.junit.RecordEvents} says the rest. What comes back are lists of records
 * and plain values, for the assertions of JUnit, AssertJ, Hamcrest or any others.
 *
 * <p>Nothing here is null unless stated.
 */
@Export
@Version("1.0.0")
package org.pagewheel.junit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
