/**
 * The consumer {@code stats}: counts, for the shell, JMX, OpenMetrics, health checks and events.
 */
package org.pagewheel.consumer.stats.internal;
