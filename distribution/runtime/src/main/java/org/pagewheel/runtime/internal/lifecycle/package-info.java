/** Threads that end in time, what is undone at the end, and the log. */
package org.pagewheel.runtime.internal.lifecycle;
