package org.pagewheel.runtime;

import java.util.Optional;

/**
 * The state of a source.
 *
 * @param name the source's name
 * @param running whether it writes events
 * @param problem why not, if that is not by configuration
 */
public record SourceStatus(String name, boolean running, Optional<String> problem) {}
