/** Feeds the events of a trace file through a ring and writes them out again. */
package org.pagewheel.shell.internal.replay;
