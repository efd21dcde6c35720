package org.pagewheel.backend.heap.internal;

import org.pagewheel.tck.ErrorPromises;

class HeapErrorsTest extends ErrorPromises {
  HeapErrorsTest() {
    super(new HeapConformanceTest());
  }
}
