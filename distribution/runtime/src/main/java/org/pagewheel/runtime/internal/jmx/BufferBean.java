package org.pagewheel.runtime.internal.jmx;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ReflectionException;
import org.pagewheel.Buffer;
import org.pagewheel.Counter;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.BufferStatus;
import org.pagewheel.spi.Reason;

/**
 * One buffer. Attributes are numbers, truth values and texts, or null if there is no value; an
 * operation that fails throws a {@link MBeanException} with the line that a shell prints.
 *
 * <p>A dynamic bean, so that each {@link Counter} is an attribute with its meaning, and a new one
 * is one constant.
 */
final class BufferBean implements DynamicMBean {
  private static final String TEXT = String.class.getName();
  private static final String BY = "JMX";
  private static final Pattern SETTING = Pattern.compile("([^\\s=]+)=(\\S+)");

  private record Value(String type, String meaning, Supplier<Object> now) {}

  private record Operation(String meaning, MBeanParameterInfo[] parameters, Body body) {}

  /** What an operation does. */
  private interface Body {
    Object run(Object... arguments) throws IOException;
  }

  private final Buffer buffer;
  private final Administration administration;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, Operation> operations = new LinkedHashMap<>();

  BufferBean(Buffer buffer, Administration administration) {
    this.buffer = buffer;
    this.administration = administration;
    text("Name", "the buffer's name", buffer::name);
    value("On", boolean.class, "whether events are recorded now", buffer::isOn);
    text("OffReason", "who turned it off, and since when", () -> text(buffer.offReason()));
    text("Problem", "what is wrong with it", () -> text(status().flatMap(BufferStatus::problem)));
    text("Backend", "the backend of its ring", () -> buffer.config().backend());
    text(
        "Mode",
        "overwrite or discard",
        () -> buffer.config().mode().name().toLowerCase(Locale.ROOT));
    text("Clock", "the clock of its times", () -> buffer.config().clock().name());
    value(
        "ClockErrorNanos",
        Long.class,
        "how far it was found from the clock that it follows, at most; null if it follows none",
        this::clockError);
    value("Pages", int.class, "pages of a CPU", () -> buffer.config().pages());
    value("PageSize", int.class, "bytes of a page", () -> buffer.config().pageSize());
    value("Cpus", int.class, "CPUs that it can record on", () -> buffer.config().cpus());
    value("Unread", long.class, "events that can be read", () -> buffer.counters().unread());
    for (Counter counter : Counter.values()) {
      if (counter != Counter.OLDEST) {
        String unit = counter.unit().name().toLowerCase(Locale.ROOT);
        value(
            name(counter),
            long.class,
            unit + " " + counter.meaning(),
            () -> buffer.totals().get(counter));
      }
    }
    operation("on", "records again", arguments -> done(buffer::on));
    operation("off", "no longer records", arguments -> done(() -> buffer.off(BY)));
    operation("snapshot", "saves what it holds; returns the file", arguments -> snapshot());
    operation(
        "swap",
        "replaces its ring, while writers write",
        arguments -> swap((String) arguments[0], (String) arguments[1]),
        new MBeanParameterInfo("backend", TEXT, "such as lockfree"),
        new MBeanParameterInfo("settings", TEXT, "KEY=VALUE ..., such as pages=64; may be empty"));
  }

  private static String text(Optional<String> said) {
    return said.orElse(null);
  }

  private Long clockError() {
    OptionalLong error = buffer.config().clock().error();
    return error.isPresent() ? error.getAsLong() : null;
  }

  private Optional<BufferStatus> status() {
    return administration.buffers().stream()
        .filter(each -> each.name().equals(buffer.name()))
        .findFirst();
  }

  /** {@code COMMIT_OVERRUN} is {@code CommitOverrun}. */
  private static String name(Counter counter) {
    Matcher words = Pattern.compile("([A-Z])([A-Z]*)_?").matcher(counter.name());
    return words.replaceAll(word -> word.group(1) + word.group(2).toLowerCase(Locale.ROOT));
  }

  private void text(String name, String meaning, Supplier<Object> now) {
    value(name, String.class, meaning, now);
  }

  private void value(String name, Class<?> type, String meaning, Supplier<Object> now) {
    values.put(name, new Value(type.getName(), meaning, now));
  }

  private void operation(String name, String meaning, Body body, MBeanParameterInfo... parameters) {
    operations.put(name, new Operation(meaning, parameters, body));
  }

  private static Object done(Runnable action) {
    action.run();
    return null;
  }

  private String snapshot() throws IOException {
    return administration.snapshot(buffer.name()).toString();
  }

  private Object swap(String backend, String settings) throws IOException {
    Map<String, String> said = new LinkedHashMap<>();
    String words = settings == null ? "" : settings.strip();
    for (String word : words.isEmpty() ? new String[0] : words.split("\\s+")) {
      Matcher setting = SETTING.matcher(word);
      if (!setting.matches()) {
        throw new IllegalArgumentException(word + ": KEY=VALUE is right, such as pages=64");
      }
      said.put(setting.group(1), setting.group(2));
    }
    said.put("backend", backend);
    administration.swap(buffer.name(), said);
    return null;
  }

  @Override
  public Object getAttribute(String name) throws AttributeNotFoundException {
    Value value = values.get(name);
    if (value == null) {
      throw new AttributeNotFoundException(name);
    }
    return value.now().get();
  }

  @Override
  public AttributeList getAttributes(String[] names) {
    AttributeList list = new AttributeList();
    for (String name : names) {
      Value value = values.get(name);
      if (value != null) { // those that are missing are unknown
        list.add(new Attribute(name, value.now().get()));
      }
    }
    return list;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList(); // of those that were set
  }

  @Override
  public Object invoke(String name, Object[] arguments, String[] signature)
      throws MBeanException, ReflectionException {
    Operation operation = operations.get(name);
    Object[] given = arguments == null ? new Object[0] : arguments;
    if (operation == null
        || given.length != operation.parameters().length
        || !Arrays.stream(given).allMatch(each -> each == null || each instanceof String)) {
      throw new ReflectionException(new NoSuchMethodException(name));
    }
    try {
      return operation.body().run(given);
    } catch (IOException | RuntimeException e) {
      // A monitor has none of our classes.
      throw new MBeanException(new IOException(Reason.of(e)), Reason.of(e));
    }
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    return new MBeanInfo(
        BufferBean.class.getName(),
        "a buffer of Pagewheel",
        values.entrySet().stream().map(BufferBean::info).toArray(MBeanAttributeInfo[]::new),
        null,
        operations.entrySet().stream()
            .map(
                each ->
                    new MBeanOperationInfo(
                        each.getKey(),
                        each.getValue().meaning(),
                        each.getValue().parameters(),
                        each.getKey().equals("snapshot") ? TEXT : void.class.getName(),
                        MBeanOperationInfo.ACTION))
            .toArray(MBeanOperationInfo[]::new),
        null);
  }

  private static MBeanAttributeInfo info(Map.Entry<String, Value> value) {
    return new MBeanAttributeInfo(
        value.getKey(), value.getValue().type(), value.getValue().meaning(), true, false, false);
  }
}
