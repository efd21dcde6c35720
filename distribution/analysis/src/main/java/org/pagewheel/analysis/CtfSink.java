package org.pagewheel.analysis;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventFormat;

/**
 * The Common Trace Format, version 1.8: a directory with {@code metadata}, which describes the
 * bytes, and a {@linkplain CtfStream stream} for each CPU and buffer with an event or a loss. Each
 * trace is a stream class with its own types, whose numbers are those of the kernel's format.
 *
 * <p>Type 0 is an event whose format is unknown, or that is shorter than its format: as bytes. A
 * loss of unknown number counts as one event, for the format knows no other. Readers refuse a time
 * that is earlier than the one before in its stream: such an event gets that time. There are notes
 * on all three. Babeltrace up to 2.0.4 shows, for an empty text, that of an earlier event; its
 * length there is 0.
 */
final class CtfSink implements EventSink {
  private static final long SECOND = 1_000_000_000;

  /** The memory for packets of all streams, and the most and least for one. */
  private static final int PACKETS = 1 << 26;

  private static final int MAX_PACKET = 1 << 16;
  private static final int MIN_PACKET = 1 << 13;
  private static final int MAX_NAME = 100;

  private final List<Trace> traces;
  private final NewDirectory directory;
  private final Cells cells;
  private final List<Map<Integer, CtfType>> types = new ArrayList<>();
  private final Map<String, CtfStream> streams = new HashMap<>();
  private final int packet;
  private final UUID uuid;
  private final String metadata;
  private long newest;
  private long damaged;
  private long uncounted;
  private long earlier;

  CtfSink(List<Trace> traces, NewDirectory directory) {
    this.traces = traces;
    this.directory = directory;
    this.cells = new Cells(traces);
    int lanes = traces.stream().mapToInt(trace -> trace.lanes().size()).sum();
    packet = Math.clamp(PACKETS / Math.max(1, lanes), MIN_PACKET, MAX_PACKET);
    String types = types();
    uuid = UUID.nameUUIDFromBytes((names() + types).getBytes(StandardCharsets.UTF_8));
    metadata = trace() + types;
  }

  private String names() {
    StringBuilder names = new StringBuilder();
    traces.forEach(trace -> names.append(trace.name()).append('\n'));
    return names.toString();
  }

  /** The declarations before those of the types. */
  private String trace() {
    Trace first = traces.getFirst();
    OptionalLong wall = first.wallOffset();
    String clock = first.clock().replaceAll("\\W", "_") + "_clock";
    clock = Character.isDigit(clock.charAt(0)) ? "_" + clock : clock;
    StringBuilder text = new StringBuilder("/* CTF 1.8 */\n\n").append(CtfType.NAMES);
    text.append("\ntrace {\n  major = 1;\n  minor = 8;\n  uuid = \"").append(uuid);
    text.append("\";\n  byte_order = le;\n  packet.header := struct {\n    uint32_t magic;\n");
    text.append("    uint8_t uuid[16];\n    uint32_t stream_id;\n  };\n};\n\nenv {\n");
    text.append("  tracer_name = \"pagewheel\";\n");
    if (first.process().isPresent()) {
      text.append("  process = ").append(first.process().getAsInt()).append(";\n");
    }
    for (int i = 0; i < traces.size(); i++) {
      text.append("  file_").append(i).append(" = ");
      text.append(CtfType.quoted(traces.get(i).name())).append(";\n");
    }
    text.append("};\n\nclock {\n  name = ").append(clock).append(";\n  description = ");
    text.append(CtfType.quoted(description(first))).append(";\n  freq = ").append(SECOND);
    if (wall.isPresent()) {
      text.append(";\n  offset_s = ").append(Math.floorDiv(wall.getAsLong(), SECOND));
      text.append(";\n  offset = ").append(Math.floorMod(wall.getAsLong(), SECOND));
    }
    text.append(";\n  absolute = ").append(wall.isPresent() ? "TRUE" : "FALSE");
    text.append(";\n};\n\ntypealias integer { size = 64; align = 8; signed = false; map = clock.");
    return text.append(clock).append(".value; } := time_t;\n").toString();
  }

  private static String description(Trace trace) {
    String clock = trace.clock().isEmpty() ? "unknown" : trace.clock();
    return "clock " + clock + (trace.isNanos() ? "" : ", which does not count nanoseconds");
  }

  /** The declarations of streams and events. */
  private String types() {
    StringBuilder text = new StringBuilder();
    CtfType.Room room = new CtfType.Room();
    for (int i = 0; i < traces.size(); i++) {
      text.append("\nstream {\n  id = ").append(i).append(";\n  packet.context := struct {\n");
      text.append("    time_t timestamp_begin;\n    time_t timestamp_end;\n");
      text.append("    uint64_t content_size;\n    uint64_t packet_size;\n");
      text.append("    uint64_t events_discarded;\n    uint32_t cpu_id;\n    string_t buffer;\n");
      text.append("  };\n  event.header := struct {\n    uint16_t id;\n    time_t timestamp;\n");
      text.append("  };\n  event.context := struct {\n    int32_t tid;\n    string_t procname;\n");
      text.append("  };\n};\n");
      event(text, i, 0, "unknown:unknown", "    hex8_t _payload[_length];\n");
      Map<Integer, EventFormat> byId = new LinkedHashMap<>();
      traces.get(i).formats().forEach(format -> byId.put(format.id(), format));
      Map<Integer, CtfType> known = new HashMap<>();
      for (EventFormat format : byId.values()) {
        if (format.id() > 0 && format.id() <= 0xffff) {
          CtfType type = new CtfType(format, room);
          known.put(format.id(), type);
          event(text, i, format.id(), TypeIndex.name(format), type.declaration());
        }
      }
      types.add(known);
    }
    return text.toString();
  }

  private static void event(StringBuilder text, int stream, int id, String name, String fields) {
    text.append("\nevent {\n  id = ").append(id).append(";\n  name = ");
    text.append(CtfType.quoted(name)).append(";\n  stream_id = ").append(stream);
    text.append(";\n  fields := struct {\n");
    text.append(id == 0 ? "    uint16_t _type;\n    uint32_t _length;\n" : "");
    text.append(fields).append("  };\n};\n");
  }

  @Override
  public void begin() throws IOException {
    Files.writeString(directory.file("metadata"), metadata);
  }

  private CtfStream stream(int trace, Lane lane) throws IOException {
    String key = trace + " " + lane.cpu() + " " + lane.buffer();
    CtfStream stream = streams.get(key);
    if (stream == null) {
      stream = new CtfStream(directory.file(name(trace, lane)), uuid, trace, lane, packet);
      streams.put(key, stream);
    }
    return stream;
  }

  /** Such as {@code cpu3} and {@code main_cpu3}; of several traces each has its number. */
  private String name(int trace, Lane lane) {
    String buffer = lane.buffer().replaceAll("[^A-Za-z0-9-]", "_");
    String name =
        (traces.size() > 1 ? trace + "_" : "")
            + buffer.substring(0, Math.min(buffer.length(), MAX_NAME))
            + (buffer.isEmpty() ? "cpu" : "_cpu")
            + lane.cpu();
    return directory.has(name) ? name + "_" + streams.size() : name;
  }

  @Override
  public void event(LaneEvents at) throws IOException {
    CtfStream to = stream(at.traceIndex, at.lane);
    long time = at.time();
    if (Long.compareUnsigned(time, to.last()) < 0) {
      earlier++;
      time = to.last();
    }
    newest = Math.max(newest, time);
    CtfType type = types.get(at.traceIndex).get(at.type());
    Event event = cells.event(at);
    String thread = cells.thread(at);
    if (type != null) {
      to.begin(at.type(), time, at.tid(), thread);
      try {
        type.write(event, to);
        to.end();
        return;
      } catch (IllegalStateException e) {
        to.undo();
      }
    }
    damaged++;
    to.begin(0, time, at.tid(), thread);
    to.number((short) at.type());
    byte[] payload = at.memory().asSlice(at.offset(), at.length()).toArray(ValueLayout.JAVA_BYTE);
    to.number(payload.length);
    to.raw(payload);
    to.end();
  }

  @Override
  public void lost(LaneEvents at, long missed) throws IOException {
    lost(at.traceIndex, at.lane, Math.max(at.time(), newest), missed);
  }

  private void lost(int trace, Lane lane, long time, long missed) throws IOException {
    CtfStream to = stream(trace, lane);
    if (missed < 0) {
      uncounted++;
    }
    to.lose(Math.max(time, to.last()), missed < 0 ? 1 : missed);
  }

  @Override
  public void end() throws IOException {
    for (int i = 0; i < traces.size(); i++) {
      for (Trace.Lost each : traces.get(i).losses()) {
        if (each.isRefused()) {
          lost(i, new Lane(each.buffer(), each.cpu(), null), newest, each.events());
        }
      }
    }
    for (CtfStream stream : streams.values()) {
      stream.finish();
    }
  }

  @Override
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    note(notes, damaged, "events of an unknown type, or damaged: their bytes are there");
    note(notes, earlier, "events earlier than the one before: they have the time of that one");
    note(notes, uncounted, "losses of unknown number: each counts as one event");
    return notes;
  }

  private static void note(List<String> notes, long count, String what) {
    if (count > 0) {
      notes.add("CTF, " + what + ": " + Words.number(count));
    }
  }
}
