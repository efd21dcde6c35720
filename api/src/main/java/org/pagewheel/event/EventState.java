package org.pagewheel.event;

/**
 * An event type as one buffer sees it; for listings.
 *
 * @param system the event system
 * @param name the event's name within the system
 * @param id the event's id; of several formats with this system and name that of the latest
 * @param enabled whether the buffer records it
 */
public record EventState(String system, String name, int id, boolean enabled) {}
