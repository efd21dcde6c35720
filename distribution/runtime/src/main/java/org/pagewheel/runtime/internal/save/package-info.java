/** Files of what buffers hold: saved when asked, by triggers, at exit and when memory is out. */
package org.pagewheel.runtime.internal.save;
