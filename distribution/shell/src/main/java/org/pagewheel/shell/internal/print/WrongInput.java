package org.pagewheel.shell.internal.print;

/** A user's input is wrong; prints as its message alone, which the shell shows as it is. */
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
