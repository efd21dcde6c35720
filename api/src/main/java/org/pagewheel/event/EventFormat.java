package org.pagewheel.event;

/**
 * What a reader must know to print the events of one type: plain data, as it stands in a trace
 * file.
 *
 * @param id the event's id, unique within a file, 1 to 65535
 * @param system the event system
 * @param name the event's name within the system
 * @param text the kernel's format text: name, ID, format and print fmt lines
 */
public record EventFormat(int id, String system, String name, String text) {}
