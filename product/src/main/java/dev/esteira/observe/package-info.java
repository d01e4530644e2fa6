/**
 * Log streams: appended, kept, followed.
 *
 * <p>Critical file: {@code Logs}.
 */
@NullMarked
package dev.esteira.observe;

import org.jspecify.annotations.NullMarked;
