/** The backend {@code lockfree}: rings of {@code org.pagewheel.ring} in memory of this process. */
package org.pagewheel.backend.lockfree.internal;
