/** The commands of scope {@code ring}, and replacements for commands of other bundles. */
package org.pagewheel.shell.internal.command;
