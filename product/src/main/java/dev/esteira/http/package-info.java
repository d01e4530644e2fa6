/**
 * Jetty wrapped once: routes, blocking streams, take-over, event streams, TLS with SNI.
 *
 * <p>Critical file: {@code Exchange}. Only importer of Jetty.
 */
@NullMarked
package dev.esteira.http;

import org.jspecify.annotations.NullMarked;
