/** Makes the static site of guides and Javadoc. */
package org.pagewheel.docs.internal;
