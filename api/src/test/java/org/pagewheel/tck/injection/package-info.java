/** Throws errors in the middle of a backend's work; see {@link Injection}. */
package org.pagewheel.tck.injection;
