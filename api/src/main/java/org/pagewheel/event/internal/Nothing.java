package org.pagewheel.event.internal;

/** What a span ends with that has no result. */
public record Nothing() {}
