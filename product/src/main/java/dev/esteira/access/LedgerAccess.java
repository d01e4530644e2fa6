package dev.esteira.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.base.SecretBox;
import dev.esteira.base.SecretFiles;
import dev.esteira.store.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@link Access} on the ledger. Tokens are kept as hashes; secret access keys and variables are
 * encrypted ({@link SecretBox}).
 */
public final class LedgerAccess implements Access {
  private static final String PROJECT = "project";
  private static final String TOKEN = "token";
  private static final String KEY = "aws-key";
  private static final String HOUSE = "house";
  private static final Principal ADMIN = new Principal("admin", Optional.empty());

  /** A path of names, each as a container registry also takes it, after lower-casing. */
  private static final Pattern PROJECT_PATH =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,19}");

  private final IdTokens idTokens;
  private final Ledger ledger;
  private final SecretBox box;
  private final InstantSource clock;
  private final Variables variables;
  private final DeployTokens deployTokens;
  private final HandedSecrets handed;
  private final String accountId;
  private final String adminToken;
  private final AwsKey adminKey;

  public LedgerAccess(Home home, Ledger ledger, InstantSource clock) {
    this.idTokens = new IdTokens(home);
    this.ledger = ledger;
    this.clock = clock;
    this.box = SecretBox.in(home.keys());
    this.variables = new Variables(ledger, box);
    this.deployTokens = new DeployTokens(ledger, box, clock);
    this.handed = new HandedSecrets(ledger, box);
    this.accountId = once("account", LedgerAccess::randomAccount);
    this.adminToken = adminToken(home.adminToken());
    this.adminKey = loadAdminKey(home.keys().resolve("admin-aws-key"));
  }

  @Override
  public String accountId() {
    return accountId;
  }

  @Override
  public String adminToken() {
    return adminToken;
  }

  @Override
  public AwsKey adminKey() {
    return adminKey;
  }

  @Override
  public String issueToken(Principal principal, Duration lifetime) {
    String token = "est-" + Ids.random(40);
    ObjectNode body = principalNode(principal, clock.instant().plus(lifetime));
    ledger.write(tx -> {
      tx.put(TOKEN, hash(token), body.toString());
      return true;
    });
    return token;
  }

  @Override
  public AwsKey issueKey(Principal principal, Duration lifetime) {
    String id = "ASIA" + Ids.random(16).toUpperCase(Locale.ROOT);
    // In the form of a token: a job may ask for keys while it runs, and its log must mask them.
    AwsKey key = new AwsKey(id, "est-" + Ids.random(40), principal);
    ObjectNode body = principalNode(principal, clock.instant().plus(lifetime));
    body.put("secret", box.seal(key.secretAccessKey()));
    ledger.write(tx -> {
      tx.put(KEY, key.accessKeyId(), body.toString());
      return true;
    });
    return key;
  }

  @Override
  public void revoke(Principal principal) {
    ledger.write(tx -> {
      for (String kind : List.of(TOKEN, KEY)) {
        for (Ledger.Stored stored : tx.list(kind, "")) {
          if (Json.parse(stored.body()).path("name").asText().equals(principal.name())) {
            tx.delete(kind, stored.key());
          }
        }
      }
      return true;
    });
    handed.forget(principal.name());
  }

  @Override
  public void handed(Principal principal, String secret) {
    handed.add(principal.name(), secret);
  }

  @Override
  public Set<String> handed(String principal) {
    return handed.of(principal);
  }

  @Override
  public Optional<Principal> byToken(String token) {
    if (same(token, adminToken)) {
      return Optional.of(ADMIN);
    }
    return ledger
        .get(TOKEN, hash(token))
        .map(s -> Json.parse(s.body()))
        .flatMap(this::alive)
        .or(() -> deployTokens.bySecret(token));
  }

  @Override
  public Optional<AwsKey> awsKey(String accessKeyId) {
    if (accessKeyId.equals(adminKey.accessKeyId())) {
      return Optional.of(adminKey);
    }
    return ledger
        .get(KEY, accessKeyId)
        .map(s -> Json.parse(s.body()))
        .flatMap(body ->
            alive(body)
                .map(p -> new AwsKey(accessKeyId, box.open(body.path("secret").asText()), p)));
  }

  @Override
  public Project createProject(String path, Map<String, String> settings) {
    if (!PROJECT_PATH.matcher(path).matches() || path.endsWith(".git")) {
      throw EsteiraException.invalid(
          "'"
              + path
              + "' cannot name a project: letters, digits, '.', '_' and '-' in parts divided by"
              + " '/', each starting with a letter or digit, and not ending in .git");
    }
    Project wanted = new Project(path, Optional.empty(), settings);
    return ledger.write(tx -> {
      Optional<Project> there = tx.get(PROJECT, path).map(LedgerAccess::project);
      if (there.isPresent()) {
        if (!there.get().settings().equals(settings)) {
          throw EsteiraException.conflict(
              "project '" + path + "' exists with other settings: " + there.get().settings());
        }
        return there.get();
      }
      tx.put(PROJECT, path, Json.write(wanted));
      return wanted;
    });
  }

  @Override
  public Optional<Project> project(String path) {
    return ledger.get(PROJECT, path).map(LedgerAccess::project);
  }

  @Override
  public List<Project> projects() {
    return ledger.list(PROJECT, "").stream().map(LedgerAccess::project).toList();
  }

  @Override
  public void setDefaultBranch(String path, String branch) {
    ledger.write(tx -> {
      Project project =
          tx.get(PROJECT, path)
              .map(LedgerAccess::project)
              .orElseThrow(() -> EsteiraException.notFound("there is no project '" + path + "'"));
      tx.put(PROJECT, path, Json.write(new Project(path, Optional.of(branch), project.settings())));
      return true;
    });
  }

  @Override
  public void setVariables(String scope, List<Variable> all) {
    variables.set(scope, all);
  }

  @Override
  public void deleteVariable(String scope, String name) {
    variables.delete(scope, name);
  }

  @Override
  public List<Variable> variables(String scope) {
    return variables.list(scope);
  }

  @Override
  public List<Variable> effectiveVariables(String projectPath, Reader reader) {
    List<String> scopes = scopes(projectPath);
    Map<String, Variable> effective = new LinkedHashMap<>();
    deployTokens.variables(scopes).forEach(v -> effective.put(v.name(), v));
    for (String scope : scopes) {
      variables.readable(scope, reader).forEach(v -> effective.put(v.name(), v));
    }
    return List.copyOf(effective.values());
  }

  /** Groups from the outermost in, then the project. */
  private static List<String> scopes(String projectPath) {
    List<String> scopes = new ArrayList<>();
    for (int slash = projectPath.indexOf('/');
        slash > 0;
        slash = projectPath.indexOf('/', slash + 1)) {
      scopes.add("group/" + projectPath.substring(0, slash));
    }
    scopes.add("project/" + projectPath);
    return scopes;
  }

  @Override
  public boolean isProtected(String projectPath, String ref) {
    Optional<Project> project = project(projectPath);
    Map<String, String> settings = project.map(Project::settings).orElse(Map.of());
    if (ref.startsWith("refs/tags/")) {
      String tag = ref.substring("refs/tags/".length());
      return Wildcards.anyMatches(settings.getOrDefault("protected-tags", ""), tag);
    }
    String branch = ref.replaceFirst("^refs/heads/", "");
    return project.flatMap(Project::defaultBranch).equals(Optional.of(branch))
        || Wildcards.anyMatches(settings.getOrDefault("protected-branches", ""), branch);
  }

  @Override
  public IdTokens idTokens() {
    return idTokens;
  }

  @Override
  public DeployTokens deployTokens() {
    return deployTokens;
  }

  private static Project project(Ledger.Stored stored) {
    return Json.read(stored.body(), Project.class);
  }

  private Optional<Principal> alive(JsonNode body) {
    if (Instant.parse(body.path("expires").asText()).isBefore(clock.instant())) {
      return Optional.empty();
    }
    JsonNode project = body.path("project");
    return Optional.of(
        new Principal(
            body.path("name").asText(),
            project.isTextual() ? Optional.of(project.asText()) : Optional.empty()));
  }

  private static ObjectNode principalNode(Principal principal, Instant expires) {
    ObjectNode node = Json.object();
    node.put("name", principal.name());
    principal.project().ifPresent(p -> node.put("project", p));
    node.put("expires", expires.toString());
    return node;
  }

  private String once(String key, java.util.function.Supplier<String> make) {
    return ledger.write(tx -> {
      Optional<Ledger.Stored> there = tx.get(HOUSE, key);
      if (there.isPresent()) {
        return Json.parse(there.get().body()).asText();
      }
      String made = make.get();
      tx.put(HOUSE, key, Json.write(made));
      return made;
    });
  }

  private static String adminToken(Path file) {
    try {
      if (!Files.exists(file)) {
        SecretFiles.write(file, ("est-" + Ids.random(40)).getBytes(StandardCharsets.UTF_8));
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw EsteiraException.internal("could not read or make " + file, e);
    }
  }

  private static AwsKey loadAdminKey(Path file) {
    try {
      if (!Files.exists(file)) {
        String made = "AKIA" + Ids.random(16).toUpperCase(Locale.ROOT) + " " + Ids.random(40);
        SecretFiles.write(file, made.getBytes(StandardCharsets.UTF_8));
      }
      String[] parts = Files.readString(file).strip().split(" ", 2);
      return new AwsKey(parts[0], parts[1], ADMIN);
    } catch (IOException e) {
      throw EsteiraException.internal("could not read or make " + file, e);
    }
  }

  private static String randomAccount() {
    SecureRandom random = new SecureRandom();
    return (1 + random.nextInt(9)) + String.format("%011d", random.nextLong(100_000_000_000L));
  }

  private static String hash(String token) {
    return dev.esteira.base.Digest.of(token.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
