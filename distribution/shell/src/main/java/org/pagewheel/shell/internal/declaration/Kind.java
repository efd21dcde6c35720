package org.pagewheel.shell.internal.declaration;

/** The kind of a word on a command line, for completion. */
public enum Kind {
  /** A command, with its scope. */
  COMMAND,
  /** A buffer's name. */
  BUFFER,
  /** A backend's name. */
  BACKEND,
  /** A type of consumers. */
  TYPE,
  /** A consumer of the buffer named first. */
  CONSUMER,
  /** An event type, or a pattern of several. */
  EVENT,
  /** What a full ring does. */
  MODE,
  /** A clock's name. */
  CLOCK,
  /** A size of pages. */
  PAGE_SIZE,
  /** What a trigger does. */
  ACTION,
  /** A key of the configuration. */
  KEY,
  /** A setting of a buffer. */
  BUFFER_SETTING,
  /** A setting of the backend named second. */
  BACKEND_SETTING,
  /** A setting of the consumer type named second. */
  CONSUMER_SETTING,
  /** A file's name. */
  FILE,
  /** Anything that cannot be guessed. */
  NEW
}
