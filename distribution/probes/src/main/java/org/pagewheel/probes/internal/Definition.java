package org.pagewheel.probes.internal;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.ClassFile;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.RecordAttribute;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.event.EventFilter;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Name;
import org.pagewheel.event.Symbol;
import org.pagewheel.event.Unit;

/**
 * The event type of a probe: made of a record class that is written for it, with a component for
 * each value.
 *
 * @param columns the event's fields
 * @param type the event type
 * @param lookup in the record's class
 */
record Definition(List<Column> columns, EventType<? extends Record> type, Lookup lookup) {
  static final String SYSTEM = "probe";

  /** A loader of its own, so that the class goes when the probe has gone. */
  private static final class Loader extends ClassLoader {
    Loader() {
      super(Definition.class.getClassLoader());
    }

    Class<?> define(String name, byte[] bytes) {
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  /**
   * A field of the event.
   *
   * @param name its name
   * @param type a primitive type or String
   * @param labels the names of 0, 1, … where it is an enum; else empty
   * @param unit behind its value, or empty
   */
  record Column(String name, ClassDesc type, List<String> labels, String unit) {}

  /**
   * Makes an event type.
   *
   * @throws IllegalArgumentException if an event cannot be so
   */
  static Definition of(String event, List<Column> columns) {
    String name = "org.pagewheel.probes.event.Of_" + event;
    Class<?> made = new Loader().define(name, record(ClassDesc.of(name), event, columns));
    try {
      Lookup lookup = (Lookup) made.getMethod("lookup").invoke(null);
      return new Definition(
          columns, EventType.of(SYSTEM, made.asSubclass(Record.class), lookup), lookup);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no event type for " + event, e);
    }
  }

  ClassDesc record() {
    return lookup.lookupClass().describeConstable().orElseThrow();
  }

  /**
   * A condition on the values of the fields.
   *
   * @throws IllegalArgumentException if there are no such fields
   */
  MethodHandle check(EventFilter filter) {
    try {
      MethodType values = constructor().resolveConstantDesc(lookup);
      return filter.compile(type.format(), columns.stream().map(Column::name).toList(), values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no condition on " + type, e);
    }
  }

  MethodTypeDesc constructor() {
    return constructor(columns);
  }

  private static MethodTypeDesc constructor(List<Column> columns) {
    return MethodTypeDesc.of(ConstantDescs.CD_void, columns.stream().map(Column::type).toList());
  }

  private static byte[] record(ClassDesc self, String event, List<Column> columns) {
    ClassDesc superclass = ClassDesc.of("java.lang.Record");
    return ClassFile.of()
        .build(
            self,
            builder -> {
              builder.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
              builder.withSuperclass(superclass);
              builder.with(RuntimeVisibleAnnotationsAttribute.of(annotation(Name.class, event)));
              List<RecordComponentInfo> components = new ArrayList<>();
              for (int i = 0; i < columns.size(); i++) {
                ClassDesc type = columns.get(i).type();
                builder.withField("c" + i, type, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
                components.add(RecordComponentInfo.of("c" + i, type, annotations(columns.get(i))));
              }
              builder.with(RecordAttribute.of(components));
              builder.withMethodBody(
                  ConstantDescs.INIT_NAME,
                  constructor(columns),
                  ClassFile.ACC_PUBLIC,
                  code -> {
                    MethodTypeDesc nothing = MethodTypeDesc.of(ConstantDescs.CD_void);
                    code.aload(0).invokespecial(superclass, ConstantDescs.INIT_NAME, nothing);
                    for (int i = 0; i < columns.size(); i++) {
                      ClassDesc type = columns.get(i).type();
                      code.aload(0).loadLocal(TypeKind.from(type), code.parameterSlot(i));
                      code.putfield(self, "c" + i, type);
                    }
                    code.return_();
                  });
              MethodTypeDesc lookup = MethodTypeDesc.of(ConstantDescs.CD_MethodHandles_Lookup);
              builder.withMethodBody(
                  "lookup",
                  lookup,
                  ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                  code ->
                      code.invokestatic(
                              ClassDesc.of(MethodHandles.class.getName()), "lookup", lookup)
                          .areturn());
            });
  }

  private static RuntimeVisibleAnnotationsAttribute annotations(Column column) {
    List<Annotation> annotations = new ArrayList<>();
    annotations.add(annotation(Name.class, column.name()));
    if (!column.unit().isEmpty()) {
      annotations.add(annotation(Unit.class, column.unit()));
    }
    if (!column.labels().isEmpty()) {
      List<AnnotationValue> labels = new ArrayList<>();
      column.labels().forEach(label -> labels.add(AnnotationValue.ofString(label)));
      annotations.add(
          Annotation.of(
              ClassDesc.of(Symbol.class.getName()),
              AnnotationElement.of("value", AnnotationValue.ofArray(labels))));
    }
    return RuntimeVisibleAnnotationsAttribute.of(annotations);
  }

  private static Annotation annotation(Class<?> type, String value) {
    return Annotation.of(
        ClassDesc.of(type.getName()),
        AnnotationElement.of("value", AnnotationValue.ofString(value)));
  }
}
