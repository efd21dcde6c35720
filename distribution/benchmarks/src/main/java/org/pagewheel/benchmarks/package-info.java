/**
 * What an event costs: JMH benchmarks of every backend on the class path, compared with the clock,
 * JFR and other rings that do the same work. The script {@code distribution/benchmarks/run} runs
 * them.
 */
package org.pagewheel.benchmarks;
