/**
 * How a command is declared, once: its name, its words, options and settings, examples, exit codes
 * and body. What Gogo, {@code help}, completion, the README and the manual page show is made of
 * that.
 */
package org.pagewheel.shell.internal.declaration;
