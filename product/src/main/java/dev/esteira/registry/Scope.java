package dev.esteira.registry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A resource and what may be done to it: {@code repository:group/name:pull,push}. */
record Scope(String type, String name, Set<String> actions) {
  private static final int SCOPES_MAX = 100;

  Scope {
    actions = Set.copyOf(actions);
  }

  /**
   * Reads scope parameters; each may hold several, parted by spaces. Malformed ones are left out.
   */
  static List<Scope> parse(List<String> parameters) {
    List<Scope> scopes = new ArrayList<>();
    for (String parameter : parameters) {
      for (String text : parameter.strip().split(" +", -1)) {
        int first = text.indexOf(':');
        int last = text.lastIndexOf(':');
        if (first > 0 && last > first && scopes.size() < SCOPES_MAX) {
          scopes.add(
              new Scope(
                  text.substring(0, first),
                  text.substring(first + 1, last),
                  Set.of(distinct(text.substring(last + 1)))));
        }
      }
    }
    return scopes;
  }

  private static String[] distinct(String actions) {
    return new TreeSet<>(List.of(actions.split(",", -1))).toArray(new String[0]);
  }

  Scope narrowed(Set<String> rights) {
    Set<String> kept = new HashSet<>(actions.contains("*") ? rights : actions);
    kept.retainAll(rights);
    return new Scope(type, name, kept);
  }

  boolean covers(Scope wanted) {
    return type.equals(wanted.type())
        && name.equals(wanted.name())
        && actions.containsAll(wanted.actions());
  }

  /** The actions for a challenge; whoever pushes will want to pull as well. */
  String asked() {
    return actions.contains("push") ? "pull,push" : String.join(",", new TreeSet<>(actions));
  }
}
