/**
 * Log streams: appended, kept, followed.
 *
 * <p>Promises: lines come out in the order in which they went in; who follows from an offset gets
 * every line from there once.
 *
 * <p>Critical file: {@code Logs}.
 */
@NullMarked
package dev.esteira.observe;

import org.jspecify.annotations.NullMarked;
