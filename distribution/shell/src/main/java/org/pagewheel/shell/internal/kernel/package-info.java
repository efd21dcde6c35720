/** Recording the kernel's events beside those of a process. */
package org.pagewheel.shell.internal.kernel;
