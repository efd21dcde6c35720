/** The commands that ask questions of traces: arguments, files and output. */
package org.pagewheel.shell.internal.analysis;
