package org.pagewheel.tck;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * Puts the backend's class and the group's name before what a failure says: many a runner prints
 * neither of a nested test, and each backend's tests have the same names.
 */
final class GroupNames
    implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw named(context, failure);
  }

  @Override
  public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw named(context, failure);
  }

  private static Throwable named(ExtensionContext context, Throwable failure) {
    if (failure instanceof TestAbortedException) {
      return failure;
    }
    Object outermost = context.getRequiredTestInstances().getAllInstances().getFirst();
    String message =
        outermost.getClass().getSimpleName()
            + ", group "
            + context.getRequiredTestClass().getSimpleName()
            + ": "
            + (failure instanceof AssertionError ? failure.getMessage() : failure);
    return failure instanceof AssertionFailedError told
        ? new AssertionFailedError(message, told.getExpected(), told.getActual(), failure)
        : new AssertionFailedError(message, failure);
  }
}
