/**
 * Between a typed line and what the terminal shows: keys, refusals, and foreign errors in words.
 */
package org.pagewheel.shell.internal.terminal;
