/** Checks a machine and says what keeps Pagewheel from recording there, and what to do. */
package org.pagewheel.shell.internal.doctor;
