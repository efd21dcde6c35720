/** Threads that end in time, teardown, and the log. */
package org.pagewheel.runtime.internal.lifecycle;
