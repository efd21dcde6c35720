package app;

/** Places an order for each question. */
public final class Shop {
  private Shop() {}

  public static void main(String[] args) throws Exception {
    System.out.println("main");
    for (long id = 1; System.in.read() == '?'; id++) {
      System.out.println("placed at " + new Shop().place(id));
    }
    System.out.println("end");
  }

  private long place(long id) {
    return price(id) + 1;
  }

  private static long price(long id) {
    return 100 * id;
  }
}
