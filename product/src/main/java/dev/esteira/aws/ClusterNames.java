package dev.esteira.aws;

import dev.esteira.store.Ledger;
import java.util.ArrayList;
import java.util.List;

/**
 * The names under which jobs asked for the one cluster. A token for the cluster signs the name
 * without holding it, so that it can only be checked by whoever knows which names were used.
 */
final class ClusterNames {
  static final String OWN = "esteira";

  private static final String KIND = "eks-cluster-name";
  private static final int NAMES_MAX = 1_000;

  private final Ledger ledger;

  ClusterNames(Ledger ledger) {
    this.ledger = ledger;
  }

  void remember(String name) {
    if (name.equals(OWN) || ledger.get(KIND, name).isPresent()) {
      return;
    }
    if (ledger.list(KIND, "").size() >= NAMES_MAX) {
      throw new AwsException(
          "InvalidRequestException", 400, "more than " + NAMES_MAX + " cluster names were used");
    }
    ledger.write(transaction -> {
      transaction.put(KIND, name, "{}");
      return true;
    });
  }

  List<String> all() {
    List<String> names = new ArrayList<>(List.of(OWN));
    ledger.list(KIND, "").forEach(stored -> names.add(stored.key()));
    return names;
  }
}
