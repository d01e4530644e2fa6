package dev.esteira.runner;

import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import java.util.List;
import java.util.Optional;

/**
 * What the ledger knows of an attempt that has been prepared: files, bridge and Docker API are in
 * place, and its container may run.
 *
 * @param image the name or id that the engine knows
 * @param secretNames the variables whose values are masked
 * @param logOffset how many bytes of the log have gone to its stream, up to a line end
 * @param kept how many lines the stream had then
 * @param failure how the job ended, once it did; empty text when it succeeded
 * @param exitCode of the command that failed it
 * @param warm the waiting sandbox that the attempt took over; without one it has its own
 * @param begun whether a sandbox taken over is ready and may have been told to begin; before that,
 *     no command of the job has run in it
 */
record SandboxRecord(
    String image,
    List<String> secretNames,
    long logOffset,
    long kept,
    Optional<String> failure,
    Optional<Integer> exitCode,
    Optional<WarmMember> warm,
    boolean begun) {
  static final String KIND = "sandbox";

  SandboxRecord {
    secretNames = List.copyOf(secretNames);
  }

  /** Of a sandbox of the attempt's own. */
  static SandboxRecord cold(String image, List<String> secretNames) {
    return new SandboxRecord(
        image, secretNames, 0, 0, Optional.empty(), Optional.empty(), Optional.empty(), true);
  }

  /** Of a sandbox that was just taken over. */
  static SandboxRecord taken(WarmMember member) {
    return new SandboxRecord(
        member.image(),
        List.of(),
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.of(member),
        false);
  }

  static Optional<SandboxRecord> find(Ledger ledger, Attempt attempt) {
    return ledger.get(KIND, attempt.key()).map(s -> Json.read(s.body(), SandboxRecord.class));
  }

  /** Whether it was taken over, but got no further. */
  boolean isHalfTaken() {
    return warm.isPresent() && !begun;
  }

  SandboxRecord begun(List<String> names) {
    return new SandboxRecord(image, names, logOffset, kept, failure, exitCode, warm, true);
  }

  SandboxRecord read(long offset, long lines) {
    return new SandboxRecord(image, secretNames, offset, lines, failure, exitCode, warm, begun);
  }

  SandboxRecord over(String how, Optional<Integer> code) {
    return new SandboxRecord(
        image, secretNames, logOffset, kept, Optional.of(how), code, warm, begun);
  }
}
