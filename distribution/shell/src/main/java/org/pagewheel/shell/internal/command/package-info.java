/** The commands of scope {@code ring}, and those that stand in for commands of others. */
package org.pagewheel.shell.internal.command;
