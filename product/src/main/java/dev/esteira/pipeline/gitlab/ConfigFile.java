package dev.esteira.pipeline.gitlab;

import dev.esteira.base.Yaml;
import dev.esteira.base.YamlNode;
import java.util.List;
import java.util.Optional;

/** One file read: its mapping, and what its {@code spec} header asks for. */
record ConfigFile(Node.Keys root, Optional<Node.Keys> header) {
  private static final String REFERENCE = "!reference";

  /** Reads it; what is not YAML, or no mapping, is fatal. */
  static ConfigFile read(String file, String text, Problems problems) {
    Yaml.Result yaml = Yaml.read(file, text);
    yaml.notes().forEach(n -> problems.notice(new Place(file, n.line()), n.text()));
    List<YamlNode> documents = yaml.documents();
    if (documents.size() > 1) {
      Node first = node(file, documents.getFirst());
      if (first instanceof Node.Keys header && header.has("spec")) {
        return new ConfigFile(root(file, documents.get(1)), Optional.of(header));
      }
      problems.notice(
          new Place(file, documents.get(1).line()),
          "a second document begins here: only the first one counts");
    }
    return new ConfigFile(root(file, yaml.first()), Optional.empty());
  }

  private static Node.Keys root(String file, YamlNode document) {
    Node node = node(file, document);
    if (node instanceof Node.Keys keys) {
      return keys;
    }
    if (node.isNull()) {
      throw Problems.fatal(node.place(), "the file is empty; it needs at least one job");
    }
    throw Problems.fatal(
        node.place(),
        "a pipeline is a mapping of keys such as 'stages' and jobs, but this is " + node.kind());
  }

  private static Node node(String file, YamlNode yaml) {
    Place place = new Place(file, yaml.line());
    return switch (yaml) {
      case YamlNode.Scalar scalar -> new Node.Text(scalar.text(), scalar.plain(), place);
      case YamlNode.Sequence list when list.tag().equals(REFERENCE) -> reference(file, list);
      case YamlNode.Sequence list ->
          new Node.Items(list.items().stream().map(n -> node(file, n)).toList(), place);
      case YamlNode.Mapping mapping ->
          Node.Keys.of(
              mapping.entries().stream()
                  .map(e ->
                      new Node.Entry(e.key(), new Place(file, e.line()), node(file, e.value())))
                  .toList(),
              place);
    };
  }

  private static Node reference(String file, YamlNode.Sequence list) {
    Place place = new Place(file, list.line());
    List<String> path =
        list.items().stream()
            .map(n ->
                switch (n) {
                  case YamlNode.Scalar scalar -> scalar.text();
                  case YamlNode.Sequence inner -> throw notText(file, inner);
                  case YamlNode.Mapping inner -> throw notText(file, inner);
                })
            .toList();
    if (path.isEmpty()) {
      throw Problems.fatal(place, "'!reference []' names nothing; write !reference [job, key]");
    }
    return new Node.Reference(path, place);
  }

  private static RuntimeException notText(String file, YamlNode node) {
    return Problems.fatal(
        new Place(file, node.line()), "'!reference' takes names only, but here is " + node.kind());
  }
}
