/** Makes a trace of the ring file that a dead process has left. */
package org.pagewheel.shell.internal.recover;
