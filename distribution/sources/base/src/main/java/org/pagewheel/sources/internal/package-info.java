/** The sources that come with Pagewheel: {@code framework} and {@code jvm}. */
package org.pagewheel.sources.internal;
