/**
 * Between a line that is typed and what the terminal shows of it: the keys, the refusals, and the
 * errors of others in words.
 */
package org.pagewheel.shell.internal.terminal;
