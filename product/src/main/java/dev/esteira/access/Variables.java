package dev.esteira.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access.Variable;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.base.SecretBox;
import dev.esteira.store.Ledger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The variables of projects and groups, sealed. One name may stand several times in a scope, for
 * several environments: the key is {@code SCOPE:NAME}, with {@code @ENVIRONMENT} unless it is for
 * all.
 */
final class Variables {
  private static final String KIND = "variable";
  private static final int VARIABLES_MAX = 1_000;
  private static final int VALUE_BYTES_MAX = 64 << 10;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");
  private static final Pattern ENVIRONMENT = Pattern.compile("[A-Za-z0-9_/${}. *-]{1,255}");

  private final Ledger ledger;
  private final SecretBox box;

  Variables(Ledger ledger, SecretBox box) {
    this.ledger = ledger;
    this.box = box;
  }

  void set(String scope, List<Variable> all) {
    all.forEach(Variables::check);
    ledger.write(tx -> {
      for (Variable variable : all) {
        ObjectNode body = Json.object();
        body.put("value", box.seal(variable.value()));
        body.put("secret", variable.secret());
        body.put("file", variable.file());
        body.put("protected", variable.protectedOnly());
        tx.put(KIND, key(scope, variable.name(), variable.environment()), body.toString());
      }
      if (tx.list(KIND, scope + ":").size() > VARIABLES_MAX) {
        throw EsteiraException.limit(
            scope + " would have more than " + VARIABLES_MAX + " variables");
      }
      return true;
    });
  }

  /** In every environment. */
  void delete(String scope, String name) {
    boolean was =
        ledger.write(tx -> {
          boolean found = tx.delete(KIND, scope + ":" + name);
          for (Ledger.Stored stored : tx.list(KIND, scope + ":" + name + "@")) {
            found |= tx.delete(KIND, stored.key());
          }
          return found;
        });
    if (!was) {
      throw EsteiraException.notFound(scope + " has no variable '" + name + "'");
    }
  }

  List<Variable> list(String scope) {
    List<Variable> variables = new ArrayList<>();
    for (Ledger.Stored stored : ledger.list(KIND, scope + ":")) {
      JsonNode body = Json.parse(stored.body());
      String[] name = stored.key().substring(scope.length() + 1).split("@", 2);
      variables.add(
          new Variable(
              name[0],
              box.open(body.path("value").asText()),
              body.path("secret").asBoolean(),
              body.path("file").asBoolean(),
              body.path("protected").asBoolean(),
              name.length == 2 ? name[1] : Variable.EVERYWHERE));
    }
    return variables;
  }

  /** One of each name: the one whose environment has most letters that are not wild. */
  List<Variable> readable(String scope, Access.Reader reader) {
    Map<String, Variable> chosen = new LinkedHashMap<>();
    list(scope).stream()
        .filter(v -> reader.protectedRef() || !v.protectedOnly())
        .filter(v -> matches(v.environment(), reader))
        .sorted(Comparator.comparingInt(v -> v.environment().replace("*", "").length()))
        .forEach(v -> chosen.put(v.name(), v));
    return List.copyOf(chosen.values());
  }

  private static boolean matches(String environment, Access.Reader reader) {
    return environment.equals(Variable.EVERYWHERE)
        || reader.environment().filter(e -> Wildcards.match(environment, e)).isPresent();
  }

  private static String key(String scope, String name, String environment) {
    String plain = scope + ":" + name;
    return environment.equals(Variable.EVERYWHERE) ? plain : plain + "@" + environment;
  }

  private static void check(Variable variable) {
    if (!NAME.matcher(variable.name()).matches()) {
      throw EsteiraException.invalid(
          "'"
              + variable.name()
              + "' cannot name a variable: letters, digits and '_', not starting with a digit");
    }
    if (!ENVIRONMENT.matcher(variable.environment()).matches()) {
      throw EsteiraException.invalid(
          "'"
              + variable.environment()
              + "' cannot name environments: letters, digits, -_/.$ and *");
    }
    if (variable.value().length() > VALUE_BYTES_MAX || variable.value().indexOf(0) >= 0) {
      throw EsteiraException.limit(
          "the value of '" + variable.name() + "' is over 64 KiB or holds a zero byte");
    }
  }
}
