package dev.esteira.pipeline.gitlab;

import dev.esteira.pipeline.Plan;
import dev.esteira.pipeline.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What stands around a job's shell: its image, its services, its caches. */
final class SettingReader {
  private static final int SERVICES_MAX = 50;
  private static final int CACHES_MAX = 4;
  private static final int KEY_FILES_MAX = 2;
  private static final Set<String> IMAGE =
      Set.of("name", "entrypoint", "pull_policy", "docker", "kubernetes");
  private static final Set<String> SERVICE =
      Set.of(
          "name",
          "alias",
          "entrypoint",
          "command",
          "variables",
          "pull_policy",
          "docker",
          "kubernetes");
  private static final Set<String> CACHE =
      Set.of("key", "paths", "untracked", "policy", "when", "fallback_keys", "unprotect");

  private final Fields fields;

  /** An image as written; {@code user} runs the job in it. */
  record Image(String name, Optional<List<String>> entrypoint, Optional<String> user) {}

  SettingReader(Fields fields) {
    this.fields = fields;
  }

  Optional<Image> image(Node.Keys job) {
    Optional<Node> node = job.get("image");
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!(node.get() instanceof Node.Keys keys)) {
      Optional<String> name = fields.text(node.get(), "image").map(String::strip);
      if (name.equals(Optional.of(""))) {
        fields.problems().error(node.get().place(), "'image' is empty");
        return Optional.empty();
      }
      return name.map(n -> new Image(n, Optional.empty(), Optional.empty()));
    }
    fields.unknown(keys, "image.", IMAGE);
    Optional<String> name = fields.text(keys, "name", "image.").map(String::strip);
    if (name.isEmpty() || name.get().isEmpty()) {
      fields.problems().error(keys.place(), "'image' has no 'name'");
    }
    Optional<String> user =
        keys.get("docker")
            .flatMap(n -> fields.keys(n, "image.docker"))
            .flatMap(k -> fields.text(k, "user", "image.docker."));
    return Optional.of(
        new Image(
            name.orElse(""), keys.get("entrypoint").map(n -> words(n, "image.entrypoint")), user));
  }

  /** Words of a command line; one text is one word; an empty word is kept. */
  private List<String> words(Node node, String name) {
    List<String> words = new ArrayList<>();
    List<Node> items = node instanceof Node.Items list ? Node.flat(list) : List.of(node);
    items.forEach(i -> fields.text(i, name).ifPresent(words::add));
    return words;
  }

  List<Setting.ServiceContainer> services(Node.Keys job) {
    Optional<Node> node = job.get("services");
    List<Setting.ServiceContainer> services = new ArrayList<>();
    if (node.isEmpty()) {
      return services;
    }
    List<Node> items =
        node.get() instanceof Node.Items list ? Node.flat(list) : List.of(node.get());
    if (items.size() > SERVICES_MAX) {
      fields
          .problems()
          .error(node.get().place(), "'services' has more than " + SERVICES_MAX + " entries");
    }
    for (Node item : items) {
      if (!item.isNull()) {
        service(item).ifPresent(services::add);
      }
    }
    return services;
  }

  private Optional<Setting.ServiceContainer> service(Node item) {
    if (!(item instanceof Node.Keys keys)) {
      return fields
          .text(item, "services")
          .map(name ->
              new Setting.ServiceContainer(
                  name.strip(), List.of(), Optional.empty(), List.of(), Map.of()));
    }
    fields.unknown(keys, "services.", SERVICE);
    Optional<String> name = fields.text(keys, "name", "services.").map(String::strip);
    if (name.isEmpty() || name.get().isEmpty()) {
      fields.problems().error(keys.place(), "a service has no 'name', which names its image");
      return Optional.empty();
    }
    List<String> aliases = new ArrayList<>();
    for (String written : fields.texts(keys, "alias", "services.")) {
      for (String alias : written.split("[,\\s]+", -1)) {
        if (!alias.isEmpty()) {
          aliases.add(alias);
        }
      }
    }
    YamlVariables variables = new YamlVariables(fields);
    Map<String, String> planned = new LinkedHashMap<>();
    variables.read(keys, "services.").forEach((n, v) -> planned.put(n, v.planned()));
    return Optional.of(
        new Setting.ServiceContainer(
            name.get(),
            aliases,
            keys.get("entrypoint").map(n -> words(n, "services.entrypoint")),
            keys.get("command").map(n -> words(n, "services.command")).orElse(List.of()),
            planned));
  }

  List<Setting.Cache> caches(Node.Keys job) {
    Optional<Node> node = job.get("cache");
    List<Setting.Cache> caches = new ArrayList<>();
    if (node.isEmpty()) {
      return caches;
    }
    List<Node> items =
        node.get() instanceof Node.Items list ? Node.flat(list) : List.of(node.get());
    if (items.size() > CACHES_MAX) {
      fields
          .problems()
          .error(node.get().place(), "'cache' has more than " + CACHES_MAX + " entries");
    }
    for (Node item : items) {
      fields.keys(item, "cache").flatMap(this::cache).ifPresent(caches::add);
    }
    return caches;
  }

  private Optional<Setting.Cache> cache(Node.Keys cache) {
    fields.unknown(cache, "cache.", CACHE);
    List<String> paths = fields.texts(cache, "paths", "cache.");
    boolean untracked = fields.flag(cache, "untracked", "cache.").orElse(false);
    if (paths.isEmpty() && !untracked) {
      return Optional.empty();
    }
    String policy =
        fields.text(cache, "policy", "cache.").filter(p -> p.startsWith("$")).isPresent()
            ? "pull-push"
            : fields.word(
                cache, "policy", "cache.", List.of("pull-push", "pull", "push"), "pull-push");
    return Optional.of(
        new Setting.Cache(
            key(cache),
            keyFiles(cache),
            paths,
            untracked,
            !policy.equals("push"),
            !policy.equals("pull"),
            keep(cache, "cache."),
            fields.texts(cache, "fallback_keys", "cache.")));
  }

  private String key(Node.Keys cache) {
    Optional<Node> key = cache.get("key");
    if (key.isEmpty()) {
      return "default";
    }
    if (key.get() instanceof Node.Keys keys) {
      fields.unknown(keys, "cache.key.", Set.of("files", "files_commits", "prefix"));
      return fields.text(keys, "prefix", "cache.key.").orElse("");
    }
    return fields.text(key.get(), "cache.key").orElse("default");
  }

  private List<String> keyFiles(Node.Keys cache) {
    if (!(cache.get("key").orElse(cache) instanceof Node.Keys keys) || keys.equals(cache)) {
      return List.of();
    }
    List<String> files = new ArrayList<>(fields.texts(keys, "files", "cache.key."));
    files.addAll(fields.texts(keys, "files_commits", "cache.key."));
    if (files.isEmpty() || files.size() > KEY_FILES_MAX) {
      fields
          .problems()
          .error(
              keys.place(),
              "'cache.key.files' names one or two files, but here are " + files.size());
    }
    return files;
  }

  Plan.Keep keep(Node.Keys keys, String where) {
    String when =
        fields.word(
            keys, "when", where, List.of("on_success", "on_failure", "always"), "on_success");
    return switch (when) {
      case "on_failure" -> Plan.Keep.ON_FAILURE;
      case "always" -> Plan.Keep.ALWAYS;
      default -> Plan.Keep.ON_SUCCESS;
    };
  }
}
