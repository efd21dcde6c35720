package org.pagewheel.tracedat;

/**
 * A section of a version 7 file that this library does not know, kept so that copies have it.
 * Version 6 has no place for it.
 */
public final class TraceSection {
  private final int id;
  private final byte[] content;

  /**
   * Makes a section.
   *
   * @param id its number
   * @param content its plain content; copied
   */
  public TraceSection(int id, byte[] content) {
    this.id = id;
    this.content = content.clone();
  }

  /**
   * The section's number, which is also that of the option that points to it.
   *
   * @return from 0 to 65535
   */
  public int id() {
    return id;
  }

  /**
   * The content.
   *
   * @return a copy, not compressed
   */
  public byte[] content() {
    return content.clone();
  }

  byte[] bytes() {
    return content;
  }
}
