/** The interactive shell; the one package that needs JLine and Gogo's classes for it. */
package org.pagewheel.shell.internal.prompt;
