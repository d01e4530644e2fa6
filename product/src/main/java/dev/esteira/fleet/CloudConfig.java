package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Yaml;
import dev.esteira.base.YamlNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The part of {@code #cloud-config} that machines here can follow, as a shell program: bootcmd,
 * write_files, hostname, packages, runcmd, in the order of cloud-init. Other keys are named in the
 * output, never an error. Pure.
 */
final class CloudConfig {
  private static final Set<String> KNOWN =
      Set.of(
          "bootcmd",
          "write_files",
          "hostname",
          "packages",
          "runcmd",
          "package_update",
          "package_upgrade",
          "repo_update",
          "repo_upgrade",
          "timezone",
          "output");

  private final StringBuilder program = new StringBuilder("#!/bin/bash\ncode=0\n");

  private CloudConfig() {}

  /** A document that cannot be read makes a program that says so and fails, as at a real boot. */
  static String program(String text) {
    try {
      return new CloudConfig().read(text);
    } catch (EsteiraException e) {
      return "#!/bin/bash\necho " + quoted("user data is not valid: " + e.text()) + "\nexit 1\n";
    }
  }

  private String read(String text) {
    if (!(Yaml.read("user-data", text).first() instanceof YamlNode.Mapping root)) {
      throw EsteiraException.invalid("user-data:1: #cloud-config must be a mapping");
    }
    for (YamlNode.Entry entry : root.entries()) {
      if (!KNOWN.contains(entry.key())) {
        run("echo " + quoted("cloud-config: '" + entry.key() + "' is not supported here"));
      }
    }
    root.get("bootcmd").ifPresent(this::commands);
    root.get("write_files").ifPresent(this::files);
    scalar(root, "hostname").ifPresent(name -> run("echo " + quoted(name) + " > /etc/hostname"));
    scalar(root, "timezone")
        .ifPresent(zone -> run("ln -sf /usr/share/zoneinfo/" + quoted(zone) + " /etc/localtime"));
    packages(root);
    root.get("runcmd").ifPresent(this::commands);
    return program.append("exit $code\n").toString();
  }

  private void packages(YamlNode.Mapping root) {
    Optional<YamlNode> wanted = root.get("packages");
    boolean update = isTrue(root, "package_update") || isTrue(root, "repo_update");
    if (update || wanted.isPresent()) {
      run("apt-get update -q");
    }
    if (isTrue(root, "package_upgrade") || isTrue(root, "repo_upgrade")) {
      run("DEBIAN_FRONTEND=noninteractive apt-get upgrade -q -y");
    }
    wanted.ifPresent(list -> {
      StringBuilder names = new StringBuilder();
      for (YamlNode item : items(list)) {
        names.append(' ').append(quoted(text(first(item))));
      }
      run("DEBIAN_FRONTEND=noninteractive apt-get install -q -y" + names);
    });
  }

  private static YamlNode first(YamlNode item) {
    return item instanceof YamlNode.Sequence list && !list.items().isEmpty()
        ? list.items().getFirst()
        : item;
  }

  private void commands(YamlNode list) {
    for (YamlNode item : items(list)) {
      if (item instanceof YamlNode.Sequence words) {
        StringBuilder line = new StringBuilder();
        words.items().forEach(word -> line.append(quoted(text(word))).append(' '));
        run(line.toString().strip());
      } else {
        run("sh -c " + quoted(text(item)));
      }
    }
  }

  private void files(YamlNode list) {
    for (YamlNode item : items(list)) {
      if (!(item instanceof YamlNode.Mapping file)) {
        throw EsteiraException.invalid("user-data:" + item.line() + ": a file must be a mapping");
      }
      String path =
          scalar(file, "path")
              .orElseThrow(() ->
                  EsteiraException.invalid(
                      "user-data:" + file.line() + ": a file of write_files has no path"));
      byte[] content = scalar(file, "content").orElse("").getBytes(StandardCharsets.UTF_8);
      String encoding = scalar(file, "encoding").orElse("").toLowerCase(Locale.ROOT);
      boolean encoded = encoding.contains("b64") || encoding.contains("base64");
      String data =
          encoded
              ? new String(content, StandardCharsets.UTF_8).replaceAll("\\s", "")
              : Base64.getEncoder().encodeToString(content);
      boolean packed = encoding.startsWith("gz");
      String into = isTrue(file, "append") ? " >> " : " > ";
      run("mkdir -p \"$(dirname " + quoted(path) + ")\"");
      run("echo '" + data + "' | base64 -d" + (packed ? " | gzip -d" : "") + into + quoted(path));
      scalar(file, "permissions")
          .ifPresent(mode -> run("chmod " + quoted(mode) + " " + quoted(path)));
      scalar(file, "owner").ifPresent(owner -> run("chown " + quoted(owner) + " " + quoted(path)));
    }
  }

  private void run(String line) {
    program.append(line).append(" || code=$?\n");
  }

  private static List<YamlNode> items(YamlNode node) {
    return node instanceof YamlNode.Sequence list ? list.items() : List.of(node);
  }

  private static Optional<String> scalar(YamlNode.Mapping node, String key) {
    return node.get(key).filter(value -> !value.isNull()).map(CloudConfig::text);
  }

  private static boolean isTrue(YamlNode.Mapping node, String key) {
    return scalar(node, key).map(v -> v.matches("(?i)true|yes|on|1")).orElse(false);
  }

  private static String text(YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar) {
      return scalar.text();
    }
    throw EsteiraException.invalid(
        "user-data:" + node.line() + ": expected text, but this is " + node.kind());
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
