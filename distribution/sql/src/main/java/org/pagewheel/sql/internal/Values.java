package org.pagewheel.sql.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duckdb.DuckDBStruct;

/** Values of an answer, as {@link org.pagewheel.analysis.SqlEngine.Rows} takes them. */
final class Values {
  private static final Set<String> NUMBERS =
      Set.of(
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "HUGEINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT",
          "UHUGEINT",
          "FLOAT",
          "DOUBLE",
          "DECIMAL");

  private Values() {}

  static boolean isNumber(ResultSetMetaData meta, int column) throws SQLException {
    String type = meta.getColumnTypeName(column);
    return !type.endsWith("]") && NUMBERS.contains(type.replaceFirst("\\(.*", ""));
  }

  static Object of(Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case Boolean flag -> flag;
      case BigInteger number -> number;
      case BigDecimal number -> number;
      case Float number -> (double) number;
      case Double number -> number;
      case Number number -> number.longValue();
      case Array array -> list(Arrays.asList((Object[]) array.getArray()));
      case Collection<?> list -> list(list);
      case Blob blob -> bytes(blob.getBytes(1, (int) blob.length()));
      case byte[] bytes -> bytes(bytes);
      case Timestamp time -> time.toLocalDateTime().toString();
      case DuckDBStruct struct -> map(struct.getMap());
      case Map<?, ?> map -> map(map);
      default -> value.toString();
    };
  }

  private static List<Object> list(Collection<?> values) throws SQLException {
    List<Object> list = new ArrayList<>();
    for (Object each : values) {
      list.add(of(each));
    }
    return list;
  }

  private static Map<Object, Object> map(Map<?, ?> values) throws SQLException {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> each : values.entrySet()) {
      map.put(of(each.getKey()), of(each.getValue()));
    }
    return map;
  }

  /** As numbers, as they are in JSON everywhere. */
  private static List<Object> bytes(byte[] bytes) {
    List<Object> list = new ArrayList<>();
    for (byte each : bytes) {
      list.add((long) (each & 0xff));
    }
    return list;
  }
}
