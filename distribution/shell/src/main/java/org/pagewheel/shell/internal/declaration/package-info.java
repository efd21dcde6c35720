/**
 * The declaration of a command: its name, words, options and settings, examples, exit codes and
 * body. Everything that Gogo, {@code help}, completion, the README and the manual page show is made
 * from it.
 */
package org.pagewheel.shell.internal.declaration;
