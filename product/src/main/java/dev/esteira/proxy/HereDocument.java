package dev.esteira.proxy;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A here-document of a {@code RUN}, {@code COPY} or {@code ADD}: lines that follow the instruction
 * up to one that is the name alone.
 *
 * @param name the word that ends it
 * @param isRaw whether the name was quoted: nothing in it is replaced then
 * @param isIndented written {@code <<-}: tabs at the begin of its lines do not count
 * @param lines as written, without their ends
 */
record HereDocument(String name, boolean isRaw, boolean isIndented, List<String> lines) {
  private static final Pattern WORD =
      Pattern.compile("(?<!\\S)[0-9]*<<(-?)\\s*(['\"]?)([A-Za-z_][\\w.-]*)\\2(?![\\w.-])");
  private static final Pattern VARIABLE =
      Pattern.compile("\\\\\\$|\\$\\{[^}]*}|\\$[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern TABS = Pattern.compile("^\t+");

  HereDocument {
    lines = List.copyOf(lines);
  }

  /** Finds the words that announce documents, in order; group 0 is the word. */
  static Matcher words(String rest) {
    return WORD.matcher(rest);
  }

  /** A document with nothing in it yet. */
  static HereDocument announced(Matcher word) {
    return new HereDocument(
        word.group(3), !word.group(2).isEmpty(), !word.group(1).isEmpty(), List.of());
  }

  HereDocument with(List<String> content) {
    return new HereDocument(name, isRaw, isIndented, content);
  }

  boolean isEnd(String line) {
    return (isIndented ? TABS.matcher(line).replaceFirst("") : line).equals(name);
  }

  /** What is in it, each line ended. */
  String content() {
    return lines.stream()
        .map(line -> (isIndented ? TABS.matcher(line).replaceFirst("") : line) + "\n")
        .collect(Collectors.joining());
  }

  /** The same with its variables replaced, unless its name was quoted. */
  String content(DockerfileValues values) {
    if (isRaw) {
      return content();
    }
    return VARIABLE
        .matcher(content())
        .replaceAll(found ->
            Matcher.quoteReplacement(
                found.group().equals("\\$") ? "$" : values.inStage(found.group())));
  }

  /** The lines as a shell reads them, with the end. */
  String forShell() {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining()) + name + "\n";
  }
}
