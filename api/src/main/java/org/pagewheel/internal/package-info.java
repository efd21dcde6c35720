/** Internals shared by several packages of the API. */
package org.pagewheel.internal;
