package dev.esteira.runner;

import java.util.List;
import java.util.Optional;

/**
 * What the ledger knows of an attempt that has been prepared: files, bridge and Docker API are in
 * place, and a container of its name may run.
 *
 * @param image the name or id that the engine knows
 * @param secretNames the variables whose values are masked
 * @param logOffset how many bytes of the log have gone to its stream, up to a line end
 * @param kept how many lines the stream had then
 * @param failure how the job ended, once it did; empty text when it succeeded
 */
record SandboxRecord(
    String image, List<String> secretNames, long logOffset, long kept, Optional<String> failure) {
  static final String KIND = "sandbox";

  SandboxRecord {
    secretNames = List.copyOf(secretNames);
  }

  SandboxRecord read(long offset, long lines) {
    return new SandboxRecord(image, secretNames, offset, lines, failure);
  }

  SandboxRecord over(String how) {
    return new SandboxRecord(image, secretNames, logOffset, kept, Optional.of(how));
  }
}
