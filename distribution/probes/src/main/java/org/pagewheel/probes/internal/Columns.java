package org.pagewheel.probes.internal;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pagewheel.probes.ProbeOptions;
import org.pagewheel.probes.internal.Definition.Column;
import org.pagewheel.probes.internal.Handlers.Kind;
import org.pagewheel.probes.internal.Handlers.Source;

/**
 * What the event of a probed method holds, and where it comes from.
 *
 * @param columns the event's fields
 * @param sources of their values
 * @param began which argument of the handler is the time of the entry, or −1
 */
record Columns(List<Column> columns, List<Source> sources, int began) {
  private static final ClassDesc TEXT = ConstantDescs.CD_String;

  /** Puts them together. */
  private static final class Maker {
    private final List<Column> columns = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Class<?> owner;
    private final Opening opening;

    Maker(Class<?> owner, Opening opening) {
      this.owner = owner;
      this.opening = opening;
    }

    void add(String name, ClassDesc type, String unit, List<String> labels, Source source) {
      columns.add(new Column(EventNames.field(name, names), type, labels, unit));
      sources.add(source);
    }

    /** Whether an event can hold it. */
    boolean value(String name, ClassDesc declared, int argument, List<String> path) {
      Values.Getter getter =
          path.isEmpty() ? null : Values.getter(resolve(declared), path, opening);
      ClassDesc type = getter == null ? declared : getter.type().describeConstable().orElseThrow();
      Source plain =
          new Source(Kind.PLAIN, argument, getter == null ? null : getter.handle(), null);
      if (type.isPrimitive() || type.equals(TEXT)) {
        add(name, type, "", List.of(), plain);
        return true;
      }
      Class<?> found = getter == null ? (type.isArray() ? null : resolve(type)) : getter.type();
      if (found == null || !found.isEnum()) {
        return false;
      }
      List<String> labels = Values.constants(found).stream().map(EventNames::label).toList();
      add(
          name,
          ConstantDescs.CD_int,
          "",
          labels,
          new Source(Kind.ENUM, argument, plain.getter(), null));
      return true;
    }

    private Class<?> resolve(ClassDesc type) {
      String descriptor = type.descriptorString();
      if (!type.isClassOrInterface()) {
        throw new IllegalArgumentException(type.displayName() + " has no fields");
      }
      String name = descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
      try {
        return Class.forName(name, false, owner.getClassLoader());
      } catch (ClassNotFoundException | LinkageError e) {
        throw new IllegalArgumentException("class " + name + " is not there", e);
      }
    }
  }

  /**
   * Finds them.
   *
   * @throws IllegalArgumentException if an event cannot hold what was asked for
   */
  static Columns of(Link link, Class<?> owner, ProbeOptions options, Opening opening) {
    Maker maker = new Maker(owner, opening);
    MethodPlan plan = link.plan();
    if (!link.shown().isEmpty()) {
      maker.add("method", TEXT, "", List.of(), new Source(Kind.TEXT, -1, null, link.shown()));
    }
    for (MethodPlan.Value value : plan.values()) {
      ClassDesc type = plan.roots().get(value.root()).type();
      if (!maker.value(value.name(), type, value.root(), value.path()) && !value.isOptional()) {
        throw new IllegalArgumentException(
            value.name()
                + " is neither a number nor a text nor an enum: one of its fields, such as "
                + value.name()
                + ".id, would be right");
      }
    }
    int began = -1;
    if (options.onReturn()) {
      began = plan.roots().size();
      boolean isVoid = plan.result().equals(ConstantDescs.CD_void);
      if (!isVoid) {
        maker.value("result", plan.result(), began + 1, List.of());
      }
      int thrown = isVoid ? began + 1 : began + 2;
      maker.add("exception", TEXT, "", List.of(), new Source(Kind.THROWN, thrown, null, null));
      maker.add(
          "took", ConstantDescs.CD_long, "ns", List.of(), new Source(Kind.TOOK, began, null, null));
    }
    return new Columns(maker.columns, maker.sources, began);
  }

  /** Whether fields of the application's classes are read. */
  boolean readsFields() {
    return sources.stream().anyMatch(source -> source.getter() != null);
  }
}
