/**
 * The configuration: read in layers, checked, and turned into plans whose values are in range. A
 * mistake is a line with its place and what would be right.
 */
package org.pagewheel.runtime.internal.config;
