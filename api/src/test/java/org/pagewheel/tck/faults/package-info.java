/** Tests of the conformance kit itself: it finds what is wrong. */
package org.pagewheel.tck.faults;
