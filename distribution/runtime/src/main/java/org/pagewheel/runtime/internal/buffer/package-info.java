/** The buffers by name, each with its ring, consumers and triggers; and what changes them. */
package org.pagewheel.runtime.internal.buffer;
