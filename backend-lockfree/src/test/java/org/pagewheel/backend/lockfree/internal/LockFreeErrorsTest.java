package org.pagewheel.backend.lockfree.internal;

import org.pagewheel.tck.ErrorPromises;

class LockFreeErrorsTest extends ErrorPromises {
  LockFreeErrorsTest() {
    super(new NativeConformanceTest());
  }
}
