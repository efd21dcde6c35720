package org.pagewheel.acceptance.load;

/** What a writer writes: its own number, and how many it had written before. */
record Step(long writer, long count) {}
