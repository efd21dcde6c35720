/** Makes a trace from the ring file of a dead process. */
package org.pagewheel.shell.internal.recover;
