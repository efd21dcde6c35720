/** What a person reads of a result: tables, accounts, drawings, events, and problems in words. */
package org.pagewheel.shell.internal.print;
