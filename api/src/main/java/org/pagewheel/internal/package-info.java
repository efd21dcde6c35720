/** What several packages of the API are made with. */
package org.pagewheel.internal;
