package dev.esteira.pipeline.gitlab;

import java.util.Optional;

/**
 * The files that make a child pipeline, as one text that a request can carry: a path each line, or
 * {@code PROJECT//PATH@REF} for a file of another project, {@code template//NAME} for a template,
 * and an address as it is. After a tab each may have inputs, as JSON.
 */
final class ChildFiles {
  private static final String BETWEEN = "//";
  private static final String INPUTS = "\t";
  private static final String TEMPLATE = "template";

  private ChildFiles() {}

  static String ofProject(String project, String path, Optional<String> ref) {
    String bare = path.startsWith("/") ? path.substring(1) : path;
    return project + BETWEEN + bare + ref.map(r -> "@" + r).orElse("");
  }

  static String ofTemplate(String name) {
    return TEMPLATE + BETWEEN + name;
  }

  static String withInputs(String file, Node.Keys inputs) {
    return file + INPUTS + Inputs.json(inputs);
  }

  /** The file that includes them all. */
  static String including(String files) {
    StringBuilder text = new StringBuilder("include:\n");
    for (String line : files.split("\n", -1)) {
      String[] parts = line.split(INPUTS, 2);
      text.append("  - ").append(entry(parts[0]));
      text.append(parts.length > 1 ? "    inputs: " + parts[1] + "\n" : "");
    }
    return text.toString();
  }

  private static String entry(String file) {
    int between = file.indexOf(BETWEEN);
    if (file.matches("(?i)https?://.*")) {
      return "remote: " + quoted(file) + "\n";
    }
    if (between < 0) {
      return "local: " + quoted(file) + "\n";
    }
    String project = file.substring(0, between);
    String path = file.substring(between + BETWEEN.length());
    if (project.equals(TEMPLATE)) {
      return "template: " + quoted(path) + "\n";
    }
    int at = path.lastIndexOf('@');
    String ref = at < 0 ? "" : "    ref: " + quoted(path.substring(at + 1)) + "\n";
    String bare = at < 0 ? path : path.substring(0, at);
    return "project: " + quoted(project) + "\n    file: " + quoted(bare) + "\n" + ref;
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
