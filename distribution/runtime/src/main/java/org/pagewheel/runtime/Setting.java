package org.pagewheel.runtime;

/**
 * One value of the effective configuration.
 *
 * @param key the whole key, {@code pagewheel.buffers.main.pages}
 * @param value the value as it would stand in a file
 * @param origin where it was set: file and line, {@code -D}, or {@code reference.conf} and line
 */
public record Setting(String key, String value, String origin) {}
