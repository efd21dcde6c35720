package app;

import java.util.logging.LogManager;

/** Brings a log manager of its own, and names it in code, as application servers do. */
public final class Logs {
  private Logs() {}

  /** Nobody else's. */
  public static final class Manager extends LogManager {}

  public static void main(String[] args) throws Exception {
    System.out.println("main");
    while (System.in.read() == '?') {
      System.setProperty("java.util.logging.manager", Manager.class.getName());
      System.out.println(LogManager.getLogManager().getClass().getName());
    }
    System.out.println("end");
  }
}
