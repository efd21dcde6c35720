/** The consumer {@code splice}: writes pages, as they are, to trace files that rotate. */
package org.pagewheel.consumer.splice.internal;
