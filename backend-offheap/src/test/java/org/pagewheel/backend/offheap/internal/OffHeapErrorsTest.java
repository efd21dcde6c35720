package org.pagewheel.backend.offheap.internal;

import org.pagewheel.tck.ErrorPromises;

class OffHeapErrorsTest extends ErrorPromises {
  OffHeapErrorsTest() {
    super(new NativeConformanceTest());
  }
}
