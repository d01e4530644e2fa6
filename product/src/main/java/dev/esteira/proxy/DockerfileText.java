package dev.esteira.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Dockerfile cut into instructions, by the rules of Docker's own parser: directives at the top
 * ({@code # escape=`}), comments, continuation lines (comments and empty lines inside them are
 * skipped), here-documents, either kind of line end. Pure.
 *
 * @param lines the lines with their ends, as written
 * @param escape the continuation character
 */
record DockerfileText(List<String> lines, char escape, List<Instruction> instructions) {
  private static final Pattern DIRECTIVE =
      Pattern.compile("^#\\s*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*$");
  private static final Pattern HEREDOC_KEYWORD = Pattern.compile("RUN|COPY|ADD");

  DockerfileText {
    lines = List.copyOf(lines);
    instructions = List.copyOf(instructions);
  }

  /**
   * One instruction on the lines {@code first} to {@code last}, counted from 0.
   *
   * @param keyword upper case
   * @param rest what follows the keyword, continuations joined
   * @param documents the here-documents that follow
   */
  record Instruction(
      int first, int last, String keyword, String rest, List<HereDocument> documents) {
    Instruction {
      documents = List.copyOf(documents);
    }
  }

  static DockerfileText parse(String text) {
    List<String> lines = split(text.startsWith("\uFEFF") ? text.substring(1) : text);
    char escape = escape(lines);
    return new DockerfileText(lines, escape, new Reader(lines, escape).instructions());
  }

  /** The text with some instructions written anew, each on its first line; others as they were. */
  String with(java.util.Map<Instruction, String> replaced) {
    List<String> result = new ArrayList<>(lines);
    replaced.forEach((instruction, line) -> {
      for (int i = instruction.first(); i <= instruction.last(); i++) {
        String end = lineEnd(lines.get(i));
        result.set(i, i == instruction.first() ? line + end : end);
      }
    });
    return String.join("", result);
  }

  private static String lineEnd(String line) {
    return line.substring(bare(line).length());
  }

  private static String bare(String line) {
    int end = line.length();
    if (end > 0 && line.charAt(end - 1) == '\n') {
      end--;
      if (end > 0 && line.charAt(end - 1) == '\r') {
        end--;
      }
    }
    return line.substring(0, end);
  }

  private static List<String> split(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lines.add(text.substring(from, end + 1));
      from = end + 1;
    }
    if (from < text.length()) {
      lines.add(text.substring(from));
    }
    return lines;
  }

  private static char escape(List<String> lines) {
    for (String line : lines) {
      Matcher directive = DIRECTIVE.matcher(bare(line).strip());
      if (!directive.matches()) {
        return '\\';
      }
      if (directive.group(1).equalsIgnoreCase("escape") && directive.group(2).equals("`")) {
        return '`';
      }
    }
    return '\\';
  }

  /** Walks the lines once. */
  private static final class Reader {
    private final List<String> lines;
    private final Pattern continuation;
    private int next;

    Reader(List<String> lines, char escape) {
      this.lines = lines;
      String mark = Pattern.quote(String.valueOf(escape));
      this.continuation = Pattern.compile("(?<!" + mark + ")" + mark + "[ \\t]*$");
    }

    List<Instruction> instructions() {
      List<Instruction> found = new ArrayList<>();
      while (next < lines.size()) {
        int first = next;
        String line = bare(lines.get(next)).stripLeading();
        if (line.isEmpty() || line.startsWith("#")) {
          next++;
          continue;
        }
        found.add(instruction(first, joined()));
      }
      return found;
    }

    /** The logical line that starts here. */
    private String joined() {
      StringBuilder text = new StringBuilder();
      boolean started = false;
      while (next < lines.size()) {
        String line = bare(lines.get(next));
        String stripped = line.stripLeading();
        next++;
        if (stripped.startsWith("#") || (started && stripped.isEmpty())) {
          continue;
        }
        Matcher more = continuation.matcher(line);
        text.append(more.find() ? line.substring(0, more.start()) : line);
        started = true;
        if (!continuation.matcher(line).find()) {
          break;
        }
      }
      return text.toString().strip();
    }

    private Instruction instruction(int first, String line) {
      String[] words = line.split("\\s+", 2);
      String keyword = words[0].toUpperCase(Locale.ROOT);
      String rest = words.length > 1 ? words[1] : "";
      List<HereDocument> documents = new ArrayList<>();
      if (HEREDOC_KEYWORD.matcher(keyword).matches()) {
        for (Matcher word = HereDocument.words(rest); word.find(); ) {
          document(HereDocument.announced(word)).ifPresent(documents::add);
        }
      }
      return new Instruction(first, Math.max(first, next - 1), keyword, rest, documents);
    }

    /** Where the end is missing, the word meant something else. */
    private Optional<HereDocument> document(HereDocument announced) {
      for (int end = next; end < lines.size(); end++) {
        if (announced.isEnd(bare(lines.get(end)))) {
          List<String> content =
              lines.subList(next, end).stream().map(DockerfileText::bare).toList();
          next = end + 1;
          return Optional.of(announced.with(content));
        }
      }
      return Optional.empty();
    }
  }
}
