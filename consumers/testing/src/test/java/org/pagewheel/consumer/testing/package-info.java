/** For tests of consumers: pages to give them, a context to give them in, and what arrived. */
package org.pagewheel.consumer.testing;
