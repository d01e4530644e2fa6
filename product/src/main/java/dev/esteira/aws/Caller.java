package dev.esteira.aws;

import dev.esteira.access.Access;

/** Who calls, with which key, and for which region and service the request was signed. */
record Caller(Access.Principal principal, String accessKeyId, String region, String service) {
  /** Jobs live in a world where any account, region and cluster name means this Esteira. */
  boolean isJob() {
    return principal.name().startsWith("job/");
  }
}
