/** A small exchange: something real to record. */
package org.pagewheel.shell.internal.demo;
