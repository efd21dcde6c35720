package org.pagewheel.runtime;

import java.io.IOException;

/** What a consumer may throw, as it comes about. */
enum Thrown {
  IO {
    @Override
    void fail() throws IOException {
      throw new IOException("disk full");
    }
  },
  STACK_OVERFLOW {
    @Override
    void fail() {
      recurse(0);
    }
  },
  OUT_OF_MEMORY {
    @Override
    void fail() {
      kept = new long[Integer.MAX_VALUE];
    }
  },
  SILENT {
    @Override
    void fail() {
      throw new AssertionError() {
        @Override
        public String toString() {
          throw new IllegalStateException("it cannot even say what it is");
        }
      };
    }
  },
  NO_MESSAGE {
    @Override
    void fail() throws IOException {
      throw new IOException((String) null);
    }
  },
  CHECKED {
    @Override
    void fail() {
      Thrown.<RuntimeException>sneak(new ClassNotFoundException("x"));
    }
  },
  INTERRUPTED {
    @Override
    void fail() throws IOException {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted");
    }
  };

  private static volatile long[] kept;

  abstract void fail() throws IOException;

  static int recurse(int depth) {
    return recurse(depth + 1) + 1;
  }

  @SuppressWarnings("unchecked")
  static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
