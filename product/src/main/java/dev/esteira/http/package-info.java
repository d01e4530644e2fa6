/**
 * Jetty wrapped once: routes, blocking streams, take-over, event streams, TLS with SNI.
 *
 * <p>Promises: a handler runs on a virtual thread of its own and may block; bodies stream both
 * ways; a connection that was taken over is closed when its server is.
 *
 * <p>Critical file: {@code Exchange}. Only importer of Jetty.
 */
@NullMarked
package dev.esteira.http;

import org.jspecify.annotations.NullMarked;
