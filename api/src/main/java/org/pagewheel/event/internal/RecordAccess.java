package org.pagewheel.event.internal;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.List;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventType;

/**
 * Gets the right to define a class beside a record, in the record's package, class loader and nest.
 *
 * <p>How it works: {@code privateLookupIn} would do, but between two modules, and each bundle is
 * one, it lacks the right to define hidden classes. It may define an ordinary class in the package,
 * though: the door, one per package, whose only method returns its own lookup, which has that
 * right. The door admits only classes that are already in the package.
 */
final class RecordAccess {
  private static final ClassDesc LOOKUPS = MethodHandles.class.describeConstable().orElseThrow();
  private static final ClassDesc LOOKUP = Lookup.class.describeConstable().orElseThrow();
  private static final String DOOR = "PagewheelDoor";
  private static final String ENTER = "enter";

  private RecordAccess() {}

  /**
   * A lookup on a record that may define hidden classes beside it.
   *
   * @param given a lookup in the record's module, or null if its package is open
   */
  static Lookup to(Class<?> record, Lookup given) {
    checkSight(record);
    if (given == null) { // an open package is not enough: we also have to read the module
      RecordAccess.class.getModule().addReads(record.getModule());
    }
    try {
      Lookup lookup =
          MethodHandles.privateLookupIn(record, given != null ? given : MethodHandles.lookup());
      return lookup.hasFullPrivilegeAccess()
          ? lookup
          : MethodHandles.privateLookupIn(record, throughDoor(lookup));
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          record.getName()
              + ": its fields cannot be read ("
              + e.getMessage()
              + "): call EventType.of with MethodHandles.lookup() of a class in its module, or open"
              + " its package",
          e);
    }
  }

  private static Lookup throughDoor(Lookup lookup) throws IllegalAccessException {
    String inPackage = lookup.lookupClass().getPackageName();
    String name = inPackage.isEmpty() ? DOOR : inPackage + "." + DOOR;
    Class<?> door;
    synchronized (RecordAccess.class) {
      try {
        door = lookup.findClass(name);
      } catch (ClassNotFoundException e) {
        door = lookup.defineClass(door(ClassDesc.of(name)));
      }
    }
    try {
      return (Lookup)
          lookup.findStatic(door, ENTER, MethodType.methodType(Lookup.class)).invokeExact();
    } catch (IllegalAccessException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name + " is not the class that was defined", e);
    }
  }

  private static byte[] door(ClassDesc name) {
    MethodTypeDesc type = MethodTypeDesc.of(LOOKUP);
    return ClassFile.of()
        .build(
            name,
            door ->
                door.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC)
                    .withSuperclass(ConstantDescs.CD_Object)
                    .withMethodBody(
                        ENTER,
                        type,
                        ClassFile.ACC_STATIC,
                        code -> code.invokestatic(LOOKUPS, "lookup", type).areturn()));
  }

  /** The class defined in the record's package has to see this library. */
  private static void checkSight(Class<?> record) {
    for (Class<?> needed : List.of(EventType.class, Buffer.class)) {
      if (!record.getModule().canRead(needed.getModule())
          || !sees(record.getClassLoader(), needed)) {
        throw new IllegalArgumentException(
            record.getName()
                + ": its class loader does not see the package "
                + needed.getPackageName()
                + " of this library: let its bundle import it, or its module require it");
      }
    }
  }

  private static boolean sees(ClassLoader loader, Class<?> needed) {
    try {
      return Class.forName(needed.getName(), false, loader) == needed;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
