package org.pagewheel.tracedat;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pagewheel.event.EventFormat;

/**
 * Puts the event types of a file beside those of others. One that is there in the same form gets
 * the number that it has there; one whose number means another gets a free one.
 */
final class FormatMerge {
  private static final int TYPES = 1 << 16;

  /** Where our own numbers begin: the kernel's are some thousands. */
  private static final int FIRST_ID = 30_000;

  private static final Pattern ID = Pattern.compile("(?m)^ID: *\\d+ *$");

  /** Formats of ours in the kernel's own system, which a file of any program may have. */
  private static final Pattern SHARED = Pattern.compile("print|funcgraph_.*|kernel_stack");

  /** Names, offsets and sizes of the fields that each event begins with. */
  private static final List<String> COMMON =
      List.of("common_type 0 2", "common_flags 2 1", "common_preempt_count 3 1", "common_pid 4 4");

  private final TraceMetadataBuilder into;

  /** What {@link #into} has. */
  private final List<EventFormat> known;

  private final BitSet taken = new BitSet(TYPES);
  private int renumbered;

  FormatMerge(TraceMetadataBuilder into) {
    this.into = into;
    this.known = into.build().formats();
    known.forEach(each -> taken.set(each.id() & TYPES - 1));
  }

  /**
   * Whether a kernel recorded the file: it has types that no program of ours makes. Their numbers
   * are left alone.
   */
  static boolean isKernels(TraceMetadata metadata) {
    return metadata.formats().stream()
        .anyMatch(
            each ->
                each.system().equals(TraceMetadata.FTRACE)
                    ? !SHARED.matcher(each.name()).matches()
                    : each.id() < FIRST_ID);
  }

  /** How many types got another number. */
  int renumbered() {
    return renumbered;
  }

  /**
   * Adds the types of a file.
   *
   * @return the number of each type of the file among all
   * @throws IllegalArgumentException if there are more types than numbers
   */
  char[] add(TraceMetadata from) {
    List<EventFormat> formats = from.formats();
    char[] types = new char[TYPES];
    BitSet own = new BitSet(TYPES);
    formats.forEach(each -> own.set(each.id() & TYPES - 1));
    BitSet others = (BitSet) taken.clone();
    others.andNot(own);
    int nobodys = others.isEmpty() ? 0 : free(own);
    for (int id = 0; id < TYPES; id++) {
      // An event that has no format in its own file must not get that of another one's.
      types[id] = (char) (others.get(id) ? nobodys : id);
    }
    BitSet added = new BitSet(TYPES);
    for (int i = formats.size() - 1; i >= 0; i--) { // of two of one number the later one counts
      EventFormat format = formats.get(i);
      if (format.id() < TYPES && !added.get(format.id())) {
        added.set(format.id());
        types[format.id()] = (char) add(format, own);
      }
    }
    return types;
  }

  private int add(EventFormat format, BitSet own) {
    Optional<EventFormat> same = known.stream().filter(each -> isSame(format, each)).findFirst();
    if (same.isPresent()) {
      return same.get().id();
    }
    int id = format.id();
    if (taken.get(id)) {
      id = free(own);
      renumbered++;
    }
    taken.set(id);
    String text = ID.matcher(format.text()).replaceFirst("ID: " + id);
    into.format(new EventFormat(id, format.system(), format.name(), text));
    return id;
  }

  private int free(BitSet own) {
    for (int id = FIRST_ID; id < TYPES; id++) {
      if (!taken.get(id) && !own.get(id)) {
        taken.set(id);
        return id;
      }
    }
    throw new IllegalArgumentException("there are more event types than the numbers " + TYPES);
  }

  /**
   * Whether an event of one type can be read as one of the other: both have the same name and text,
   * or the kernel's format of its own event begins as ours does and needs no more bytes.
   */
  private static boolean isSame(EventFormat ours, EventFormat other) {
    if (!ours.name().equals(other.name()) || !ours.system().equals(other.system())) {
      return false;
    }
    String text = ID.matcher(ours.text()).replaceFirst("");
    return text.equals(ID.matcher(other.text()).replaceFirst(""))
        || ours.system().equals(TraceMetadata.FTRACE) && isWithin(ours, other);
  }

  private static boolean isWithin(EventFormat ours, EventFormat other) {
    List<FormatField> have = FormatField.parse(ours.text());
    List<FormatField> want = FormatField.parse(other.text());
    int end = have.stream().mapToInt(each -> each.offset() + each.size()).max().orElse(0);
    List<String> places =
        want.stream().map(FormatMerge::place).collect(Collectors.toUnmodifiableList());
    return have.stream().map(FormatMerge::place).allMatch(places::contains)
        && want.stream().allMatch(each -> each.size() == 0 || each.offset() + each.size() <= end);
  }

  private static String place(FormatField field) {
    return field.name() + " " + field.offset() + " " + field.size();
  }

  /** Whether each event begins with the fields of type, flags and thread, and no other ones. */
  static boolean hasUsualFields(TraceMetadata metadata) {
    return metadata.formats().stream()
        .map(EventFormat::text)
        .map(FormatField::parse)
        .allMatch(
            fields ->
                fields.stream().map(FormatMerge::place).toList().containsAll(COMMON)
                    && fields.stream()
                        .filter(each -> each.name().startsWith("common_"))
                        .allMatch(each -> each.offset() < PageRewriter.COMMON_SIZE));
  }
}
