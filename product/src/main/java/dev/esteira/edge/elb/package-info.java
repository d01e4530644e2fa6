/**
 * Elastic load balancers: listeners, rules, target groups and the health of targets, on the same
 * HAProxy as the services of the cluster.
 *
 * <pre>
 * tables (ledger) --Projection--> listeners and services of the edge
 * Checks --Checked--> HealthMachine (ledger) --Rotate--> Rotation --> servers of the edge
 *                                            --Drain---> resting, until its connections end
 *                                            --Tell----> Targets.Listener
 * security groups --FrontGuard--> who may connect;  Machines.admit --> whom targets let in
 * </pre>
 *
 * <p>Differences from the service of that name: one address serves all zones; a target whose first
 * check has not passed is looked at twice a second, though only failures at the group's own pace
 * count; deregistration ends as soon as no connection is left. Not supported, and refused: UDP,
 * gateway load balancers, Lambda targets, slow start, stickiness between groups of one rule,
 * authentication, mutual TLS, HTTP/2 and gRPC to targets, access logs, other than IPv4. Targets of
 * network load balancers see the load balancer's address, unless they speak the PROXY protocol.
 *
 * <p>Critical file: {@code HealthMachine}.
 */
@NullMarked
package dev.esteira.edge.elb;

import org.jspecify.annotations.NullMarked;
