/** The consumer {@code network}: streams pages to {@code trace-cmd listen}. */
package org.pagewheel.consumer.network.internal;
