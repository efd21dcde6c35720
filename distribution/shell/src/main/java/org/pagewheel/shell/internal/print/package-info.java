/**
 * The form in which people read results: tables, accounts, drawings, events, and problems in words.
 */
package org.pagewheel.shell.internal.print;
