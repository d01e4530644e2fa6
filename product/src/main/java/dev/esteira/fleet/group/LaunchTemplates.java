package dev.esteira.fleet.group;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import dev.esteira.store.Ledger.Transaction;
import dev.esteira.store.StateJson;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Launch templates and their versions. What a version says is kept as it was sent, in the shape of
 * the EC2 API. Durable and thread-safe.
 */
public final class LaunchTemplates {
  private static final String KIND = "launch-template";
  private static final String VERSIONS = "launch-template-version";
  private static final int VERSIONS_MAX = 10_000;

  /** A template; versions count from 1 and are never given twice. */
  public record Template(
      String id,
      String name,
      Instant createdAt,
      String createdBy,
      long defaultVersion,
      long latestVersion,
      Map<String, String> tags) {
    public Template {
      tags = Map.copyOf(tags);
    }
  }

  /** A version; {@code data} is JSON text, {@code LaunchTemplateData} of the API. */
  public record Version(
      String templateId,
      String templateName,
      long number,
      String description,
      Instant createdAt,
      String createdBy,
      String data) {
    /** What it says, as a tree. */
    public ObjectNode tree() {
      return (ObjectNode) Json.parse(data);
    }
  }

  private final Ledger ledger;
  private final InstantSource clock;

  LaunchTemplates(Ledger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Makes a template with its version 1; {@code CONFLICT} when the name is taken. */
  public Template create(
      String name, String description, ObjectNode data, String by, Map<String, String> tags) {
    Instant now = clock.instant();
    return ledger.write(tx -> {
      if (all(tx).stream().anyMatch(each -> each.name().equals(name))) {
        throw EsteiraException.conflict("Launch template name already in use.");
      }
      Template made = new Template("lt-0" + Ids.hex(16), name, now, by, 1, 1, tags);
      put(tx, made);
      put(tx, new Version(made.id(), name, 1, description, now, by, Json.write(data)));
      return made;
    });
  }

  /** Adds a version. */
  public Version addVersion(String id, String description, ObjectNode data, String by) {
    Instant now = clock.instant();
    return ledger.write(tx -> {
      Template template = existing(tx, id);
      long number = template.latestVersion() + 1;
      if (number > VERSIONS_MAX) {
        throw EsteiraException.limit("a launch template has at most " + VERSIONS_MAX + " versions");
      }
      Version made =
          new Version(id, template.name(), number, description, now, by, Json.write(data));
      put(tx, made);
      put(
          tx,
          new Template(
              id,
              template.name(),
              template.createdAt(),
              template.createdBy(),
              template.defaultVersion(),
              number,
              template.tags()));
      return made;
    });
  }

  public List<Template> all() {
    return ledger.list(KIND, "").stream()
        .map(each -> StateJson.read(each.body(), Template.class))
        .toList();
  }

  public Optional<Template> byId(String id) {
    return ledger.get(KIND, id).map(each -> StateJson.read(each.body(), Template.class));
  }

  public Optional<Template> byName(String name) {
    return all().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** All versions, the latest first. */
  public List<Version> versions(String id) {
    List<Version> all = new ArrayList<>();
    ledger
        .list(VERSIONS, id + "/")
        .forEach(each -> all.addFirst(StateJson.read(each.body(), Version.class)));
    return all;
  }

  /** {@code version}: a number, {@code $Latest} or {@code $Default}; empty when there is none. */
  public Optional<Version> version(String id, String version) {
    return byId(id)
        .flatMap(template -> {
          long number =
              switch (version) {
                case "$Latest" -> template.latestVersion();
                case "$Default", "" -> template.defaultVersion();
                default -> number(version);
              };
          return ledger
              .get(VERSIONS, key(id, number))
              .map(each -> StateJson.read(each.body(), Version.class));
        });
  }

  private static long number(String version) {
    try {
      return Long.parseLong(version);
    } catch (NumberFormatException e) {
      throw EsteiraException.invalid(
          "The launch template version '" + version + "' is no number, $Latest or $Default");
    }
  }

  /** Changes which version {@code $Default} is. */
  public Template setDefault(String id, String version) {
    long number =
        version(id, version)
            .orElseThrow(() ->
                EsteiraException.notFound(
                    "Could not find the specified version %s for the launch template with ID %s."
                        .formatted(version, id)))
            .number();
    return change(
        id,
        t ->
            new Template(
                t.id(),
                t.name(),
                t.createdAt(),
                t.createdBy(),
                number,
                t.latestVersion(),
                t.tags()));
  }

  /** Sets and removes tags. */
  public Template tag(String id, Map<String, String> set, List<String> removed) {
    return change(
        id,
        t -> {
          Map<String, String> tags = new java.util.HashMap<>(t.tags());
          tags.keySet().removeAll(removed);
          tags.putAll(set);
          return new Template(
              t.id(),
              t.name(),
              t.createdAt(),
              t.createdBy(),
              t.defaultVersion(),
              t.latestVersion(),
              tags);
        });
  }

  private Template change(String id, UnaryOperator<Template> how) {
    return ledger.write(tx -> {
      Template changed = how.apply(existing(tx, id));
      put(tx, changed);
      return changed;
    });
  }

  /** Deletes a version, but never the default one. */
  public void deleteVersion(String id, long number) {
    ledger.write(tx -> {
      if (existing(tx, id).defaultVersion() == number) {
        throw EsteiraException.conflict(
            "The specified launch template version %d is the default version and cannot be deleted."
                .formatted(number));
      }
      return tx.delete(VERSIONS, key(id, number));
    });
  }

  /** Deletes a template with its versions. */
  public Template delete(String id) {
    return ledger.write(tx -> {
      Template template = existing(tx, id);
      tx.list(VERSIONS, id + "/").forEach(each -> tx.delete(VERSIONS, each.key()));
      tx.delete(KIND, id);
      return template;
    });
  }

  private static List<Template> all(Transaction tx) {
    return tx.list(KIND, "").stream()
        .map(each -> StateJson.read(each.body(), Template.class))
        .toList();
  }

  private static Template existing(Transaction tx, String id) {
    return tx.get(KIND, id)
        .map(each -> StateJson.read(each.body(), Template.class))
        .orElseThrow(() ->
            EsteiraException.notFound(
                "The specified launch template, with template ID " + id + ", does not exist."));
  }

  private static void put(Transaction tx, Template template) {
    tx.put(KIND, template.id(), StateJson.write(template));
  }

  private static void put(Transaction tx, Version version) {
    tx.put(VERSIONS, key(version.templateId(), version.number()), StateJson.write(version));
  }

  private static String key(String id, long number) {
    return id + String.format(Locale.ROOT, "/%06d", number);
  }
}
