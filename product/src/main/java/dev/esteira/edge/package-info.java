/**
 * Load balancing by HAProxy, whose configuration is static and whose servers, maps and certificates
 * change at run time.
 *
 * <pre>
 * client -> address:port -nftables-> frontend http or tcp, or one of 50 doors for encryption
 *        -> one service: map of destination to backend
 *        -> rules: route.lua runs the listener's program, which is data in maps
 *        -> backend slot -> server, added at run time
 * </pre>
 *
 * <p>Rules can say: path, host, header, method, query and source conditions; forward by weights,
 * redirect, fixed response. They cannot say: authentication, mutual TLS, rewriting, stickiness
 * between services of one rule. Services cannot have: slow start, HTTP/2 to targets, UDP, the
 * client's address as the source (the PROXY protocol tells it to targets that speak it).
 *
 * <p>Critical file: {@code Edge}.
 */
@NullMarked
package dev.esteira.edge;

import org.jspecify.annotations.NullMarked;
