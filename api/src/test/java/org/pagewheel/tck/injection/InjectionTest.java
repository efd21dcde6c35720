package org.pagewheel.tck.injection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.tck.injection.Injection.Form;

/** An error at each point finds what is left half done, and says where. */
class InjectionTest {
  private final Constructor<?> tills;

  InjectionTest() throws ReflectiveOperationException {
    String name = Till.class.getName();
    ClassLoader loader = new InjectingLoader(Till.class.getClassLoader(), name::equals);
    tills = loader.loadClass(name).getConstructor();
  }

  /** Pays in twice. */
  private final class Payment implements Injection.Scenario {
    private final int way;
    private final IntBinaryOperator till;

    Payment(int way) {
      this.way = way;
      try {
        till = (IntBinaryOperator) tills.newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void run() {
      till.applyAsInt(way, 3);
      till.applyAsInt(way, -4);
    }

    @Override
    public void check(Throwable thrown) {
      assertEquals(0, till.applyAsInt(2, 0), "the difference");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsLeftHalfDoneIsFound(Form form) {
    AssertionError found =
        assertThrows(
            AssertionError.class,
            () -> Injection.sweep(form, StackOverflowError::new, () -> new Payment(0)));
    assertTrue(found.getMessage().contains("Till.applyAsInt"), found.getMessage());
    assertTrue(found.getMessage().contains("before Math.abs"), found.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void everyPassageIsTriedWhereNothingIsWrong(Form form) {
    assertEquals(2, Injection.sweep(form, OutOfMemoryError::new, () -> new Payment(1)));
  }

  @Test
  void anErrorOfAnotherKindIsAFailure() {
    Injection.Scenario broken =
        new Injection.Scenario() {
          @Override
          public void run() {
            throw new IllegalStateException("broken");
          }

          @Override
          public void check(Throwable thrown) {}
        };
    AssertionError found =
        assertThrows(
            AssertionError.class,
            () -> Injection.sweep(Form.ONCE, StackOverflowError::new, () -> broken));
    assertTrue(found.getMessage().contains("broken"), found.getMessage());
  }
}
