package dev.esteira.fleet.group;

/** What an instance was made from; parts that do not apply are empty. */
public record LaunchedWith(
    String configuration, String templateId, String templateName, String templateVersion) {
  static final LaunchedWith UNKNOWN = new LaunchedWith("", "", "", "");

  static LaunchedWith configuration(String name) {
    return new LaunchedWith(name, "", "", "");
  }
}
