package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.access.Access;
import dev.esteira.base.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Calls of one service, made by each of the real command lines in turn. A subclass opens {@code
 * aws} before each test, with the key that is used, and closes it.
 */
@ParameterizedClass
@FieldSource("dev.esteira.aws.TestingAws#PROGRAMS")
abstract class AwsCalls {
  @TempDir Path directory;
  @Parameter String program;
  TestingAws aws;
  Access.AwsKey key;
  private final String service;

  /** {@code service} is the command line's word for it. */
  AwsCalls(String service) {
    this.service = service;
  }

  /** Older clients do not know the latest calls, and abbreviate fewer flags alike. */
  final boolean isOldest() {
    return program.equals(TestingAws.PROGRAMS.getFirst());
  }

  final boolean isLatest() {
    return program.equals(TestingAws.PROGRAMS.getLast());
  }

  /** What a call prints that must succeed; the line is split at spaces. */
  final String ok(String line, String... more) {
    return aws.ok(program, key, service + " " + line, more).strip();
  }

  /** What a query finds in the answer of a call, as text. */
  final String text(String line, String query, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(List.of("--query", query, "--output", "text"));
    return ok(line, all.toArray(String[]::new));
  }

  /** What is said when a call is refused with this code. */
  final String refused(String code, String line, String... more) {
    Commands.Result result = aws.aws(program, key, service + " " + line, more);
    assertFalse(result.ok(), line);
    assertTrue(result.output().contains("(" + code + ")"), line + ": " + result.output());
    return result.output();
  }
}
