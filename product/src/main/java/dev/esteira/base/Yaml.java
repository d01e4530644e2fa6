package dev.esteira.base;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML 1.2 read as teams write it: CRLF line ends, tabs after scalars, a byte order mark, duplicate
 * keys (the last wins, with a notice), anchors, aliases and merge keys. Scalars stay the text that
 * was written.
 *
 * <p>Limits: {@value #CHARACTERS_MAX} characters, {@value #DEPTH_MAX} levels, {@value #NODES_MAX}
 * nodes once aliases are expanded. A file that breaks YAML's rules is an {@code INVALID} failure
 * that begins with {@code file:line:} and says in plain words what is wrong.
 */
public final class Yaml {
  static final int CHARACTERS_MAX = 1 << 20;
  static final int DEPTH_MAX = 64;
  static final int NODES_MAX = 100_000;

  private static final Pattern TABS_AT_END =
      Pattern.compile("[ \\t]*\\t[ \\t]*(?=\\r?$)", Pattern.MULTILINE);

  private Yaml() {}

  /** Something a person should know about the file, which fails nothing. */
  public record Note(int line, String text) {}

  /** The documents of a file and what there is to say about it. */
  public record Result(List<YamlNode> documents, List<Note> notes) {
    public Result {
      documents = List.copyOf(documents);
      notes = List.copyOf(notes);
    }

    /** The first document; an empty file is a null scalar. */
    public YamlNode first() {
      return documents.isEmpty() ? new YamlNode.Scalar("", true, 1, 1) : documents.getFirst();
    }
  }

  /** Reads the text of {@code file}; the name is used in messages only. */
  public static Result read(String file, String text) {
    if (text.length() > CHARACTERS_MAX) {
      throw EsteiraException.invalid(
          file + ":1: the file has more than " + CHARACTERS_MAX + " characters");
    }
    String clean = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try {
      return parse(file, clean);
    } catch (MarkedYamlEngineException e) {
      // The parser refuses some tabs at line ends that YAML (and libyaml) allow.
      Matcher tabs = TABS_AT_END.matcher(clean);
      if (tabs.find()) {
        return readWithoutTabs(file, tabs.replaceAll(""));
      }
      throw EsteiraException.invalid(YamlProblems.explain(file, clean, e));
    } catch (YamlEngineException e) {
      throw EsteiraException.invalid(YamlProblems.unreadable(file, clean, e));
    }
  }

  private static Result readWithoutTabs(String file, String text) {
    try {
      return parse(file, text);
    } catch (MarkedYamlEngineException e) {
      throw EsteiraException.invalid(YamlProblems.explain(file, text, e));
    }
  }

  private static Result parse(String file, String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(CHARACTERS_MAX).build();
    return new YamlTree(file).build(new Parse(settings).parseString(text));
  }
}
