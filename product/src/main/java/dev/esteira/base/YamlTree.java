package dev.esteira.base;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** Builds nodes from parser events, with every limit checked before anything is kept. */
final class YamlTree {
  private static final String MERGE = "<<";

  private final String file;
  private final List<Yaml.Note> notes = new ArrayList<>();
  private final Map<String, Counted> anchors = new HashMap<>();
  private int nodes;

  /** A finished anchored node and how many nodes it expands to. */
  private record Counted(YamlNode node, int size) {}

  YamlTree(String file) {
    this.file = file;
  }

  Yaml.Result build(Iterable<Event> events) {
    List<YamlNode> documents = new ArrayList<>();
    Iterator<Event> from = events.iterator();
    while (from.hasNext()) {
      Event event = from.next();
      if (event.getEventId() == Event.ID.DocumentStart) {
        anchors.clear();
        documents.add(node(from.next(), from, 1));
      }
    }
    return new Yaml.Result(documents, notes);
  }

  private YamlNode node(Event event, Iterator<Event> from, int depth) {
    if (depth > Yaml.DEPTH_MAX) {
      throw broken(line(event), "more than " + Yaml.DEPTH_MAX + " levels inside each other");
    }
    if (event instanceof AliasEvent alias) {
      return expanded(alias);
    }
    int before = nodes;
    count(event, 1);
    YamlNode node = made(event, from, depth);
    if (event instanceof NodeEvent named && named.getAnchor().isPresent()) {
      anchors.put(name(named.getAnchor()), new Counted(node, nodes - before));
    }
    return node;
  }

  private YamlNode made(Event event, Iterator<Event> from, int depth) {
    return switch (event.getEventId()) {
      case Scalar -> scalar((ScalarEvent) event);
      case SequenceStart -> sequence(event, from, depth);
      case MappingStart -> mapping(event, from, depth);
      case Alias,
          Comment,
          DocumentEnd,
          DocumentStart,
          MappingEnd,
          SequenceEnd,
          StreamEnd,
          StreamStart ->
          throw broken(line(event), "found " + event.getEventId() + " where a value was expected");
    };
  }

  private static YamlNode.Scalar scalar(ScalarEvent event) {
    return new YamlNode.Scalar(event.getValue(), event.isPlain(), line(event), column(event));
  }

  private YamlNode sequence(Event start, Iterator<Event> from, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event e = from.next(); e.getEventId() != Event.ID.SequenceEnd; e = from.next()) {
      items.add(node(e, from, depth + 1));
    }
    String tag = start instanceof CollectionStartEvent list ? list.getTag().orElse("") : "";
    return new YamlNode.Sequence(items, tag, line(start), column(start));
  }

  private YamlNode mapping(Event start, Iterator<Event> from, int depth) {
    Map<String, YamlNode.Entry> own = new LinkedHashMap<>();
    Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();
    for (Event e = from.next(); e.getEventId() != Event.ID.MappingEnd; e = from.next()) {
      int line = line(e);
      if (!(node(e, from, depth + 1) instanceof YamlNode.Scalar key)) {
        throw broken(line, "a list or a mapping is used as a key; keys must be text");
      }
      YamlNode value = node(from.next(), from, depth + 1);
      if (key.text().equals(MERGE) && key.plain()) {
        merge(merged, value);
      } else {
        add(own, new YamlNode.Entry(key.text(), line, value));
      }
    }
    merged.forEach(own::putIfAbsent);
    return new YamlNode.Mapping(List.copyOf(own.values()), line(start), column(start));
  }

  private void add(Map<String, YamlNode.Entry> own, YamlNode.Entry entry) {
    YamlNode.Entry earlier = own.remove(entry.key());
    if (earlier != null) {
      notes.add(
          new Yaml.Note(
              entry.line(),
              "'%s' stands twice, first in line %d: the last one counts"
                  .formatted(entry.key(), earlier.line())));
    }
    own.put(entry.key(), entry);
  }

  /** {@code <<} takes a mapping or a list of them; the first that has a key wins. */
  private void merge(Map<String, YamlNode.Entry> merged, YamlNode value) {
    switch (value) {
      case YamlNode.Mapping mapping ->
          mapping.entries().forEach(e -> merged.putIfAbsent(e.key(), e));
      case YamlNode.Sequence list -> list.items().forEach(item -> merge(merged, item));
      case YamlNode.Scalar scalar ->
          throw broken(
              scalar.line(), "'<<' merges mappings, but here stands '" + scalar.text() + "'");
    }
  }

  private YamlNode expanded(AliasEvent alias) {
    String name = name(alias.getAnchor());
    Counted found = anchors.get(name);
    if (found == null) {
      throw broken(
          line(alias), "'*" + name + "' is used, but no '&" + name + "' ends before this line");
    }
    count(alias, found.size());
    return found.node();
  }

  private void count(Event event, int more) {
    nodes += more;
    if (nodes > Yaml.NODES_MAX) {
      throw broken(
          line(event), "more than " + Yaml.NODES_MAX + " values once aliases are expanded");
    }
  }

  private EsteiraException broken(int line, String problem) {
    return EsteiraException.invalid(file + ":" + line + ": " + problem);
  }

  private static String name(Optional<Anchor> anchor) {
    return anchor.map(Anchor::getValue).orElse("");
  }

  private static int line(Event event) {
    return event.getStartMark().map(m -> m.getLine() + 1).orElse(1);
  }

  private static int column(Event event) {
    return event.getStartMark().map(m -> m.getColumn() + 1).orElse(1);
  }
}
