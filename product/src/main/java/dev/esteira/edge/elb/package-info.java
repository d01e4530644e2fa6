/**
 * Elastic load balancers: listeners, rules, target groups and the health of targets, on the same
 * HAProxy as the services of the cluster.
 *
 * <p>Critical file: {@code Targets}.
 */
@NullMarked
package dev.esteira.edge.elb;

import org.jspecify.annotations.NullMarked;
