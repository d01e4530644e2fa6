package dev.esteira.fleet.group;

import dev.esteira.base.EsteiraException;
import dev.esteira.store.Ledger;
import dev.esteira.store.StateJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Launch configurations: made once, never changed. Durable and thread-safe. */
public final class LaunchConfigurations {
  private static final String KIND = "launch-configuration";

  /**
   * A launch configuration.
   *
   * @param userData base64, as it is sent
   */
  public record Configuration(
      String name,
      String id,
      String imageId,
      String instanceType,
      String keyName,
      List<String> securityGroups,
      String userData,
      String instanceProfile,
      boolean tokensRequired,
      Optional<Boolean> publicAddress,
      boolean monitoring,
      Instant createdAt) {
    public Configuration {
      securityGroups = List.copyOf(securityGroups);
    }
  }

  private final Ledger ledger;
  private final Predicate<String> used;

  LaunchConfigurations(Ledger ledger, Predicate<String> used) {
    this.ledger = ledger;
    this.used = used;
  }

  /** {@code CONFLICT} when the name is taken. */
  public void create(Configuration configuration) {
    ledger.write(tx -> {
      if (tx.get(KIND, configuration.name()).isPresent()) {
        throw EsteiraException.conflict(
            "Launch Configuration by this name already exists - A launch configuration already"
                + " exists with the name "
                + configuration.name());
      }
      tx.put(KIND, configuration.name(), StateJson.write(configuration));
      return true;
    });
  }

  public Optional<Configuration> get(String name) {
    return ledger.get(KIND, name).map(each -> StateJson.read(each.body(), Configuration.class));
  }

  public List<Configuration> all() {
    return ledger.list(KIND, "").stream()
        .map(each -> StateJson.read(each.body(), Configuration.class))
        .toList();
  }

  /** {@code NOT_FOUND} for an unknown one, {@code CONFLICT} while a group uses it. */
  public void delete(String name) {
    if (get(name).isEmpty()) {
      throw EsteiraException.notFound(
          "Launch configuration name not found - Launch configuration " + name + " not found");
    }
    if (used.test(name)) {
      throw EsteiraException.conflict(
          "Cannot delete launch configuration "
              + name
              + " because it is attached to an"
              + " AutoScalingGroup");
    }
    ledger.write(tx -> tx.delete(KIND, name));
  }
}
