/** How a record class becomes an event type: its fields, its format text, its encoder's class. */
package org.pagewheel.event.internal;
