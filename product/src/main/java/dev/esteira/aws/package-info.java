/**
 * The AWS wire protocols, driven by published models, in front of the other packages.
 *
 * <p>Promises: a call is signed or refused ({@code Unsigned} has the one exception); what is not
 * supported says so in the service's own form of an error, and is never an empty success; each call
 * that is answered stands in a test of an unmodified client.
 *
 * <p>{@code AwsApi} finds the service and the {@code Protocol} of a request, {@code Model} says how
 * its members look on the wire, and an {@code Operation} of a feature answers with a tree in the
 * model's names. A feature of one service is one class that lists its operations; what they show is
 * in a class named {@code …Shape} or {@code …Shapes}.
 *
 * <p>Critical file: {@code AwsApi}.
 */
@NullMarked
package dev.esteira.aws;

import org.jspecify.annotations.NullMarked;
