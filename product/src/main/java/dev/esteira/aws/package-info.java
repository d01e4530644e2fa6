/**
 * The AWS wire protocols, driven by published models, in front of the other packages.
 *
 * <p>Critical file: {@code AwsApi}.
 */
@NullMarked
package dev.esteira.aws;

import org.jspecify.annotations.NullMarked;
