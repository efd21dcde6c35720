/** Triggers: their text, their filters, and the ring that fires them after an event. */
package org.pagewheel.runtime.internal.trigger;
