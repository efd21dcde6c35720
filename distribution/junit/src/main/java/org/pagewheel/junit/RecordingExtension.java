package org.pagewheel.junit;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.opentest4j.TestAbortedException;
import org.pagewheel.Buffer;

/** The extension that {@link RecordEvents} registers. */
public final class RecordingExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  /**
   * The configuration parameter with the directory for the traces of failed tests. JUnit also takes
   * it from system properties, of which those that begin with {@code pagewheel.} are for buffers.
   */
  public static final String DIRECTORY = "org.pagewheel.junit.directory";

  /** That directory, unless the parameter is set. */
  public static final String DEFAULT_DIRECTORY = "target/pagewheel";

  /** The name of the report entry with the path of a trace. */
  public static final String ENTRY = "pagewheel.trace";

  private static final Namespace NAMESPACE = Namespace.create(RecordingExtension.class);

  /** For JUnit. */
  public RecordingExtension() {}

  @Override
  public void beforeEach(ExtensionContext test) {
    for (Object instance : test.getRequiredTestInstances().getAllInstances()) {
      List<Field> fields =
          ReflectionSupport.findFields(
              instance.getClass(),
              field ->
                  field.getType() == Recording.class && !Modifier.isStatic(field.getModifiers()),
              HierarchyTraversalMode.TOP_DOWN);
      if (!fields.isEmpty()) {
        TestRecorder recorder = recorder(test);
        recorder.claim(instance);
        fields.forEach(field -> set(field, instance, recorder.recording()));
      }
    }
  }

  private static void set(Field field, Object instance, Recording recording) {
    String name = field.getDeclaringClass().getSimpleName() + "." + field.getName();
    if (Modifier.isFinal(field.getModifiers())) {
      throw new ExtensionConfigurationException(
          name + " is set before each test: it must not be final");
    }
    try {
      ReflectionSupport.makeAccessible(field).set(instance, recording);
    } catch (IllegalAccessException e) {
      throw new ExtensionConfigurationException(name + " cannot be set", e);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return context.getTestMethod().isPresent() && (type == Recording.class || type == Buffer.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    Recording recording = recorder(test).recording();
    return parameter.getParameter().getType() == Buffer.class ? recording.buffer() : recording;
  }

  /** After the test's own {@code @AfterEach}, which may also fail, or write more. */
  @Override
  public void afterEach(ExtensionContext test) {
    Throwable failure = test.getExecutionException().orElse(null);
    if (failure != null && !(failure instanceof TestAbortedException)) {
      TestRecorder recorder = test.getStore(NAMESPACE).get(TestRecorder.class, TestRecorder.class);
      if (recorder != null) {
        recorder.save(test, failure);
      }
    }
  }

  /** The recorder of this test, which JUnit closes with the store of the test. */
  private static TestRecorder recorder(ExtensionContext test) {
    Store ofAll = test.getRoot().getStore(NAMESPACE);
    Recorders recorders =
        ofAll.getOrComputeIfAbsent(Recorders.class, key -> new Recorders(), Recorders.class);
    return test.getStore(NAMESPACE)
        .getOrComputeIfAbsent(TestRecorder.class, key -> recorders.open(test), TestRecorder.class);
  }
}
