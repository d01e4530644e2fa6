package dev.esteira.net.vpc;

import java.time.Instant;

/**
 * Packets that were denied, counted for each pair of addresses, port and reason.
 *
 * @param port of the packet's destination; 0 where the protocol has none
 */
public record DeniedFlow(
    Instant lastAt,
    String vpcId,
    String source,
    String destination,
    String protocol,
    int port,
    long packets,
    String reason) {}
