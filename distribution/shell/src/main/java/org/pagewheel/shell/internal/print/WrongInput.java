package org.pagewheel.shell.internal.print;

/**
 * What a user typed cannot be done; prints as its message alone, for the shell shows it as it is.
 */
public final class WrongInput extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public WrongInput(String message) {
    super(message);
  }

  public WrongInput(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String toString() {
    return getMessage();
  }
}
