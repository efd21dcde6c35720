package org.pagewheel.shell.internal.print;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.RingView;

class JsonTest {
  record Row(String bufferName, int pageSize, boolean on, Optional<String> problem, double rate) {}

  @Test
  void rowsAreObjectsWithNamesThatNeedNoQuotes() {
    var rows = List.of(new Row("a\"b\\", 4096, true, Optional.empty(), Double.NaN));
    assertEquals(
        "[{\"buffer_name\":\"a\\\"b\\\\\",\"page_size\":4096,\"on\":true,\"problem\":null,"
            + "\"rate\":null}]",
        Json.of(new Table<>(Row.class, "none", rows)));
    assertEquals("[]", Json.of(new Table<>(Row.class, "none", List.of())));
    assertEquals("{}", Json.of(null));
    assertEquals("{\"message\":\"done\"}", Json.of("done"));
  }

  /** Neither a terminal nor a reader of lines obeys what is in a value. */
  @Test
  void whatIsNotPlainIsWrittenByItsNumber() {
    assertEquals(
        "{\"message\":\"\\u001b[31m\\u009b\\u2028\\u202e\\u000aä…\"}",
        Json.of("\u001b[31m\u009b\u2028\u202e\nä…"));
  }

  @Test
  void ringsAndAccountsAreData() {
    var view = RingView.builder(1, 4080, List.of()).build();
    assertEquals(
        "[{\"cpu\":1,\"capacity\":4080,\"head\":-1,\"commit\":0,\"tail\":0,\"reader\":null,"
            + "\"pages\":[]}]",
        Json.of(new Pictures("title", List.of(view), true)));
    var account =
        new Account(
            "b",
            "in words",
            7,
            ShownTimes.of(Clock.MONO),
            List.of(3),
            List.of(Counters.ZERO),
            Counters.ZERO,
            null);
    String json = Json.of(account);
    assertEquals(
        "{\"buffer\":\"b\",\"description\":\"in words\",\"now\":7,\"total\":{\"unread\":0",
        json.substring(0, json.indexOf(",\"refused\"")));
    assertEquals(true, json.contains("\"cpus\":[{\"cpu\":3,\"unread\":0,"), json);
    assertEquals(true, json.contains("\"oldest\":null"), json);
  }
}
