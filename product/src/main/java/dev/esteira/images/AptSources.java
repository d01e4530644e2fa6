package dev.esteira.images;

import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The host's own sources of a Debian release as one-line entries, so that images come from the
 * mirror that the host is set up for. Reads both forms of apt's sources (sources.list(5)).
 */
final class AptSources {
  private static final Pattern LINE =
      Pattern.compile("deb\\s+(?:\\[([^]]*)]\\s+)?(\\S+)\\s+(\\S+)\\s+(.+)");
  private static final Pattern OPTION = Pattern.compile("signed-by=(\\S+)");

  private AptSources() {}

  /** Entries for {@code release}, by the mirror of the host's own one where they lack. */
  static List<String> of(Path apt, String release, String hosts) {
    List<String> entries = of(apt, release);
    return !entries.isEmpty() || release.equals(hosts)
        ? entries
        : of(apt, hosts).stream()
            .filter(entry -> entry.contains(" " + hosts + " "))
            .map(entry -> entry.replace(" " + hosts + " ", " " + release + " "))
            .toList();
  }

  /** Entries for {@code release} and its updates; none when the host knows no such release. */
  static List<String> of(Path apt, String release) {
    List<String> entries = new ArrayList<>();
    for (Path file : files(apt)) {
      try {
        String text = Files.readString(file);
        if (file.toString().endsWith(".sources")) {
          stanzas(text, release, entries);
        } else {
          text.lines().forEach(line -> line(line.strip(), release, entries));
        }
      } catch (IOException e) {
        throw EsteiraException.internal("could not read the package sources in " + file, e);
      }
    }
    return entries;
  }

  private static List<Path> files(Path apt) {
    List<Path> files = new ArrayList<>();
    if (Files.exists(apt.resolve("sources.list"))) {
      files.add(apt.resolve("sources.list"));
    }
    Path parts = apt.resolve("sources.list.d");
    if (Files.isDirectory(parts)) {
      try (Stream<Path> all = Files.list(parts)) {
        all.filter(f -> f.toString().endsWith(".list") || f.toString().endsWith(".sources"))
            .sorted()
            .forEach(files::add);
      } catch (IOException e) {
        throw EsteiraException.internal("could not list " + parts, e);
      }
    }
    return files;
  }

  private static void line(String line, String release, List<String> entries) {
    Matcher matcher = LINE.matcher(line);
    if (matcher.matches()) {
      String options = matcher.group(1) == null ? "" : matcher.group(1);
      Matcher key = OPTION.matcher(options);
      entry(
          key.find() ? key.group(1) : "",
          matcher.group(2),
          matcher.group(3),
          matcher.group(4).split("#", 2)[0],
          release,
          entries);
    }
  }

  private static void stanzas(String text, String release, List<String> entries) {
    for (String stanza : text.split("\\n\\s*\\n", -1)) {
      Map<String, String> fields = new HashMap<>();
      stanza
          .lines()
          .filter(line -> !line.startsWith("#") && line.indexOf(':') > 0)
          .forEach(line ->
              fields.put(
                  line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                  line.substring(line.indexOf(':') + 1).strip()));
      boolean off = fields.getOrDefault("enabled", "yes").equals("no");
      if (off || !List.of(fields.getOrDefault("types", "").split(" +", -1)).contains("deb")) {
        continue;
      }
      String key = fields.getOrDefault("signed-by", "");
      for (String uri : fields.getOrDefault("uris", "").split("\\s+", -1)) {
        for (String suite : fields.getOrDefault("suites", "").split("\\s+", -1)) {
          entry(key, uri, suite, fields.getOrDefault("components", ""), release, entries);
        }
      }
    }
  }

  private static void entry(
      String key,
      String uri,
      String suite,
      String components,
      String release,
      List<String> entries) {
    boolean ours = suite.equals(release) || suite.startsWith(release + "-");
    boolean backports = suite.endsWith("-backports");
    if (ours && !backports && List.of(components.strip().split(" +", -1)).contains("main")) {
      String signed = key.startsWith("/") ? "[signed-by=" + key + "] " : "";
      entries.add("deb " + signed + uri + " " + suite + " main");
    }
  }
}
