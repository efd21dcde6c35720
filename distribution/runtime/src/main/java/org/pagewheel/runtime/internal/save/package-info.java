/**
 * Files of what buffers hold: saved on request, by triggers, at exit and when memory is exhausted.
 */
package org.pagewheel.runtime.internal.save;
