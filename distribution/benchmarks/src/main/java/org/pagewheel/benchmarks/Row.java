package org.pagewheel.benchmarks;

/**
 * One line of the result.
 *
 * @param name what was measured
 * @param value how much
 * @param error half the width of the 99.9 % confidence interval, or NaN if unknown
 * @param unit of both
 */
record Row(String name, double value, double error, String unit) {}
