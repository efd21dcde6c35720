package org.pagewheel.consumer.network.internal;

import java.util.BitSet;
import java.util.Set;
import org.pagewheel.tracedat.TraceMetadata;

/**
 * The header of a connection, which decides which pages the connection can carry.
 *
 * @param metadata what is sent
 * @param clock the clock it names
 * @param pageSize bytes of its pages
 * @param cpus how many CPUs it has
 * @param types the ids of the event types it describes
 * @param threads the threads it names
 * @param formats how many event types there were
 * @param changes which change of the metadata it has seen
 * @param made when it was made
 */
record Header(
    TraceMetadata metadata,
    String clock,
    int pageSize,
    int cpus,
    BitSet types,
    Set<Integer> threads,
    int formats,
    long changes,
    long made) {}
