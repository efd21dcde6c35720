"""Whether what babeltrace2 reads of a CTF directory is what JSON lines of the same trace say:

    agree.py DIRECTORY FILE.jsonl [WALL]

Of each CPU and buffer every event with its time, thread and fields, and every loss with its number
and place. WALL is the difference between the clock and the time of day in nanoseconds. Prints the
numbers of events and of lost events, or fails with the first difference.
"""

import collections
import json
import math
import sys

import bt2


def same(found, expected):
    """A field as babeltrace2 has it, and as JSON has it."""
    kind = type(found)
    if isinstance(expected, list) and issubclass(kind, bt2._IntegerFieldConst):
        return flags(found, expected)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if issubclass(kind, bt2._EnumerationFieldConst):
        if isinstance(expected, bool):
            return labels(found) == [str(expected).lower()]
        return expected in labels(found) or (not labels(found) and expected == str(int(found)))
    if issubclass(kind, bt2._StringFieldConst):
        # Up to version 2.0.4 an empty string has the bytes of an earlier event, and the length 0.
        return (str(found) if len(found) else "") == expected
    if issubclass(kind, bt2._RealFieldConst):
        number = float(found)
        expected = float(expected)
        if math.isnan(number):
            return math.isnan(expected)
        return number == expected and math.copysign(1, number) == math.copysign(1, expected)
    return isinstance(expected, int) and int(found) == expected


def labels(found):
    """The names of a value; the bindings of version 2.0.4 fail where there is none."""
    named = ((label, found.cls[label].ranges) for label in found.cls)
    value = int(found)
    return [label for label, ranges in named if any(r.lower <= value <= r.upper for r in ranges)]


def flags(found, names):
    bits = {label: next(iter(found.cls[label].ranges)).lower for label in found.cls}
    value = sum(int(name, 16) if name.startswith("0x") else bits[name] for name in names)
    return value == int(found)


def is_damaged(row):
    return row["event"] == "unknown:unknown" or "(damaged)" in row["fields"].values()


def check(event, time, context, row, wall):
    assert time == (row["time"], row["time"] + wall), (time, row)
    assert (int(context["tid"]), str(context["procname"])) == (row["tid"], row["thread"]), row
    if is_damaged(row):
        assert event.name == "unknown:unknown", (event.name, row)
        return
    assert event.name == row["event"], (event.name, row)
    fields = event.payload_field
    names = [name for name in fields if name in row["fields"]]
    assert names == list(row["fields"]), (list(fields), row)
    assert all(name.endswith("_length") for name in fields if name not in row["fields"])
    for name in names:
        assert same(fields[name], row["fields"][name]), (name, fields[name], row)


def main(directory, lines, wall=0):
    expected = collections.defaultdict(collections.deque)
    with open(lines, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            expected[(row["cpu"], row.get("buffer", ""))].append(row)
    streams = {}
    events = lost = 0
    for message in bt2.TraceCollectionMessageIterator(directory):
        if isinstance(message, bt2._PacketBeginningMessageConst):
            context = message.packet.context_field
            streams[message.packet.stream.name] = (int(context["cpu_id"]), str(context["buffer"]))
        elif isinstance(message, bt2._DiscardedEventsMessageConst):
            row = expected[streams[message.stream.name]].popleft()
            number = 1 if row["lost"] is None else row["lost"]  # the format knows no unknown number
            assert message.count == number, (message.count, row)
            assert message.end_default_clock_snapshot.value == row["time"], row
            lost += message.count
        elif isinstance(message, bt2._EventMessageConst):
            event = message.event
            row = expected[streams[event.packet.stream.name]].popleft()
            clock = message.default_clock_snapshot
            time = (clock.value, clock.ns_from_origin)
            check(event, time, event.common_context_field, row, int(wall))
            events += 1
    left = [row for rows in expected.values() for row in rows]
    assert not left, left[:3]
    print(events, lost)


main(*sys.argv[1:])
