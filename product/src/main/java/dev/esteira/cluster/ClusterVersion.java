package dev.esteira.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;

/** The version of Kubernetes whose API this is, as {@code /version} tells. */
final class ClusterVersion {
  static final String MAJOR = "1";
  static final String MINOR = "32";
  static final String TEXT = "v1.32.0-esteira";

  private ClusterVersion() {}

  static ObjectNode json() {
    return Json.object()
        .put("major", MAJOR)
        .put("minor", MINOR)
        .put("gitVersion", TEXT)
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z")
        .put("goVersion", "none")
        .put("compiler", "javac")
        .put("platform", "linux/amd64");
  }
}
