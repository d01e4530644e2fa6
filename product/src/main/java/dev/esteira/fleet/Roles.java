package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.store.Ledger;
import dev.esteira.store.Ledger.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Roles, their policies, and the instance profiles that bring a role to an instance. An instance
 * with a role has keys, one without has none. What the policies say is kept and told, but not
 * enforced: a role's keys may do everything. Durable, thread-safe.
 */
public final class Roles {
  private static final String ROLE = "iam-role";
  private static final String PROFILE = "iam-profile";
  private static final String POLICY = "iam-policy";

  /**
   * A role.
   *
   * @param trust the document that says who may assume it
   * @param inline documents by the names of policies that are the role's own
   * @param attached the ARNs of policies
   */
  public record Role(
      String name,
      String path,
      String trust,
      String description,
      Instant createdAt,
      Map<String, String> inline,
      List<String> attached,
      Map<String, String> tags) {
    public Role {
      inline = new TreeMap<>(inline);
      attached = List.copyOf(attached);
      tags = Map.copyOf(tags);
    }

    public Role withInline(Map<String, String> next) {
      return new Role(name, path, trust, description, createdAt, next, attached, tags);
    }

    public Role withTags(Map<String, String> next) {
      return new Role(name, path, trust, description, createdAt, inline, attached, next);
    }

    public Role withTrust(String next) {
      return new Role(name, path, next, description, createdAt, inline, attached, tags);
    }

    public Role describedAs(String next) {
      return new Role(name, path, trust, next, createdAt, inline, attached, tags);
    }

    public Role withAttached(List<String> next) {
      return new Role(name, path, trust, description, createdAt, inline, next, tags);
    }
  }

  /** An instance profile; it holds at most one role. */
  public record Profile(
      String name,
      String path,
      Instant createdAt,
      Optional<String> role,
      Map<String, String> tags) {
    public Profile {
      tags = Map.copyOf(tags);
    }

    public Profile withTags(Map<String, String> next) {
      return new Profile(name, path, createdAt, role, next);
    }

    public Profile holding(Optional<String> next) {
      return new Profile(name, path, createdAt, next, tags);
    }
  }

  /** One version of a policy's document. */
  public record PolicyVersion(int number, String document, Instant createdAt) {}

  /**
   * A policy of the account.
   *
   * @param document of the version in force
   * @param versions those that are kept, the latest last; homes of before know one alone
   * @param current the number of the version in force
   * @param last the highest number that was given
   */
  public record Policy(
      String name,
      String path,
      String description,
      String document,
      Instant createdAt,
      Map<String, String> tags,
      List<PolicyVersion> versions,
      int current,
      int last) {
    // Where an earlier process has written the record, what it did not know is missing.
    public Policy {
      boolean whole = current > 0;
      tags = whole ? Map.copyOf(tags) : Map.of();
      versions = whole ? List.copyOf(versions) : List.of(new PolicyVersion(1, document, createdAt));
      current = whole ? current : 1;
      last = whole ? last : 1;
    }

    /** A new one with its first version. */
    public Policy(
        String name,
        String path,
        String description,
        String document,
        Instant createdAt,
        Map<String, String> tags) {
      this(
          name,
          path,
          description,
          document,
          createdAt,
          tags,
          List.of(new PolicyVersion(1, document, createdAt)),
          1,
          1);
    }

    public Policy withTags(Map<String, String> next) {
      return new Policy(
          name, path, description, document, createdAt, next, versions, current, last);
    }

    /** With one more version, which is in force at once if {@code now}. */
    public Policy adding(String text, Instant at, boolean now) {
      List<PolicyVersion> next = new ArrayList<>(versions);
      next.add(new PolicyVersion(last + 1, text, at));
      return new Policy(
          name,
          path,
          description,
          now ? text : document,
          createdAt,
          tags,
          next,
          now ? last + 1 : current,
          last + 1);
    }

    public Optional<PolicyVersion> version(int number) {
      return versions.stream().filter(each -> each.number() == number).findFirst();
    }

    /** With this version in force. */
    public Policy by(PolicyVersion version) {
      return new Policy(
          name,
          path,
          description,
          version.document(),
          createdAt,
          tags,
          versions,
          version.number(),
          last);
    }

    public Policy without(PolicyVersion version) {
      List<PolicyVersion> next = new ArrayList<>(versions);
      next.remove(version);
      return new Policy(name, path, description, document, createdAt, tags, next, current, last);
    }
  }

  private final Ledger ledger;

  public Roles(Ledger ledger) {
    this.ledger = ledger;
  }

  public List<Role> roles() {
    return all(ROLE, Role.class);
  }

  public Optional<Role> role(String name) {
    return get(ROLE, name, Role.class);
  }

  public List<Profile> profiles() {
    return all(PROFILE, Profile.class);
  }

  public Optional<Profile> profile(String name) {
    return get(PROFILE, name, Profile.class);
  }

  public List<Policy> policies() {
    return all(POLICY, Policy.class);
  }

  public Optional<Policy> policy(String name) {
    return get(POLICY, name, Policy.class);
  }

  private <T> List<T> all(String kind, Class<T> type) {
    return ledger.list(kind, "").stream().map(each -> Json.read(each.body(), type)).toList();
  }

  private <T> Optional<T> get(String kind, String name, Class<T> type) {
    return ledger.get(kind, name).map(each -> Json.read(each.body(), type));
  }

  /** {@code CONFLICT} when the name is taken. */
  public void create(Role role) {
    create(ROLE, "Role", role.name(), role);
  }

  /** {@code CONFLICT} when the name is taken. */
  public void create(Profile profile) {
    create(PROFILE, "Instance Profile", profile.name(), profile);
  }

  /** {@code CONFLICT} when the name is taken. */
  public void create(Policy policy) {
    create(POLICY, "Policy", policy.name(), policy);
  }

  private void create(String kind, String what, String name, Object made) {
    ledger.write(tx -> {
      if (tx.get(kind, name).isPresent()) {
        throw EsteiraException.conflict(what + " with name " + name + " already exists.");
      }
      tx.put(kind, name, Json.write(made));
      return true;
    });
  }

  /** {@code NOT_FOUND} when there is none. */
  public void changeRole(String name, UnaryOperator<Role> how) {
    change(ROLE, name, Role.class, how);
  }

  /** {@code NOT_FOUND} when there is none. */
  public void changeProfile(String name, UnaryOperator<Profile> how) {
    change(PROFILE, name, Profile.class, how);
  }

  /** {@code NOT_FOUND} when there is none. */
  public void changePolicy(String name, UnaryOperator<Policy> how) {
    change(POLICY, name, Policy.class, how);
  }

  private <T> void change(String kind, String name, Class<T> type, UnaryOperator<T> how) {
    ledger.write(tx -> {
      tx.put(kind, name, Json.write(how.apply(required(tx, kind, name, type))));
      return true;
    });
  }

  private static <T> T required(Transaction tx, String kind, String name, Class<T> type) {
    return tx.get(kind, name)
        .map(each -> Json.read(each.body(), type))
        .orElseThrow(() -> EsteiraException.notFound(name + " cannot be found."));
  }

  public void deleteRole(String name) {
    ledger.write(tx -> tx.delete(ROLE, name));
  }

  public void deleteProfile(String name) {
    ledger.write(tx -> tx.delete(PROFILE, name));
  }

  public void deletePolicy(String name) {
    ledger.write(tx -> tx.delete(POLICY, name));
  }

  /** The role that a profile brings, by the profile's name or ARN; empty when there is none. */
  Optional<String> roleOf(String profile) {
    return profile(Profiles.nameOf(profile)).flatMap(Profile::role);
  }

  /** Refuses a profile that is not there, in the words of EC2. */
  void require(String profile) {
    if (profile(Profiles.nameOf(profile)).isEmpty()) {
      boolean arn = profile.startsWith("arn:");
      throw EsteiraException.notFound(
          ("Value (%s) for parameter iamInstanceProfile.%s is invalid. Invalid IAM Instance"
                  + " Profile %s")
              .formatted(profile, arn ? "arn" : "name", arn ? "ARN" : "name"));
    }
  }
}
