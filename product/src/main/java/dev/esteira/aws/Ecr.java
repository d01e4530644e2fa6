package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.registry.Registry;
import dev.esteira.store.Ledger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The container registry's API, in front of {@link Registry}: tokens and repositories. */
final class Ecr {
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(12);
  private static final int PAGE_MAX = 100;
  private static final String MUTABLE = "MUTABLE";
  private static final String IMMUTABLE = "IMMUTABLE";

  private final Access access;
  private final Registry registry;
  private final InstantSource clock;
  private final EcrTags tags;

  private Ecr(Access access, Registry registry, Ledger ledger, InstantSource clock) {
    this.access = access;
    this.registry = registry;
    this.clock = clock;
    this.tags = new EcrTags(ledger, this::existing);
  }

  static Service service(Access access, Registry registry, Ledger ledger, InstantSource clock) {
    Ecr ecr = new Ecr(access, registry, ledger, clock);
    Map<String, Operation> operations = new TreeMap<>();
    operations.put("GetAuthorizationToken", ecr::token);
    operations.put("CreateRepository", ecr::create);
    operations.put("DescribeRepositories", ecr::describe);
    operations.put("DeleteRepository", ecr::delete);
    operations.put("DescribeRegistry", ecr::describeRegistry);
    operations.put("PutImageTagMutability", ecr::putTagMutability);
    ecr.tags.addTo(operations);
    new EcrImages(registry, ecr::account, ecr::existing).addTo(operations);
    return new Service(Model.load("ecr"), operations);
  }

  /** The account that an answer names: in a job the one that was asked for, whatever it is. */
  private String account(Call call) {
    return call.caller().isJob()
        ? call.optional("registryId").orElse(access.accountId())
        : access.accountId();
  }

  private ObjectNode token(Call call) {
    ObjectNode authorization = authorization(access, clock, call);
    List<String> accounts = new ArrayList<>(call.texts("registryIds"));
    if (accounts.isEmpty() || !call.caller().isJob()) {
      accounts = List.of(access.accountId());
    }
    ObjectNode answer = Json.object();
    ArrayNode data = answer.putArray("authorizationData");
    for (String account : accounts) {
      data.addObject().put("proxyEndpoint", "https://" + host(account, call)).setAll(authorization);
    }
    return answer;
  }

  /** A token for the caller, as {@code docker login} takes it, and until when it is good. */
  static ObjectNode authorization(Access access, InstantSource clock, Call call) {
    String token = access.issueToken(call.caller().principal(), TOKEN_LIFETIME);
    byte[] pair = ("AWS:" + token).getBytes(StandardCharsets.UTF_8);
    return Json.object()
        .put("authorizationToken", Base64.getEncoder().encodeToString(pair))
        .put("expiresAt", clock.instant().plus(TOKEN_LIFETIME).toString());
  }

  private static String host(String account, Call call) {
    return account + ".dkr.ecr." + call.caller().region() + ".amazonaws.com";
  }

  private ObjectNode create(Call call) {
    String name = call.text("repositoryName");
    ObjectNode answer = Json.object();
    try {
      boolean immutable = isImmutable(call);
      Registry.Repository made = registry.createRepository(name);
      if (immutable) {
        made = registry.immutableTags(name, true);
      }
      answer.set("repository", shown(call, made));
      tags.set(name, call.input().path("tags"));
      return answer;
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.CONFLICT) {
        throw new AwsException(
            "RepositoryAlreadyExistsException",
            400,
            "The repository with name '%s' already exists in the registry with id '%s'"
                .formatted(name, account(call)));
      }
      throw e;
    }
  }

  /** As asked; the modes with exclusions are not known here. */
  private static boolean isImmutable(Call call) {
    String mode = call.optional("imageTagMutability").orElse(MUTABLE);
    if (!mode.equals(MUTABLE) && !mode.equals(IMMUTABLE)) {
      throw new AwsException(
          "InvalidParameterException",
          400,
          "Invalid parameter at 'imageTagMutability' failed to satisfy constraint: '%s' is not"
                  .formatted(mode)
              + " supported here; supported are MUTABLE and IMMUTABLE");
    }
    return mode.equals(IMMUTABLE);
  }

  private ObjectNode putTagMutability(Call call) {
    Registry.Repository repository = existing(call, call.text("repositoryName"));
    Registry.Repository now = registry.immutableTags(repository.name(), isImmutable(call));
    return Json.object()
        .put("registryId", account(call))
        .put("repositoryName", now.name())
        .put("imageTagMutability", now.immutableTags() ? IMMUTABLE : MUTABLE);
  }

  private ObjectNode describe(Call call) {
    List<String> names = call.texts("repositoryNames");
    List<Registry.Repository> found =
        names.isEmpty()
            ? registry.repositories()
            : names.stream().map(name -> existing(call, name)).toList();
    Page<Registry.Repository> page = Page.of(call, found, names.isEmpty() ? PAGE_MAX : 1_000);
    ObjectNode answer = Json.object();
    ArrayNode repositories = answer.putArray("repositories");
    page.items().forEach(repository -> repositories.add(shown(call, repository)));
    page.nextToken().ifPresent(token -> answer.put("nextToken", token));
    return answer;
  }

  private ObjectNode delete(Call call) {
    Registry.Repository repository = existing(call, call.text("repositoryName"));
    if (!call.flag("force") && !registry.images(repository.name()).isEmpty()) {
      throw new AwsException(
          "RepositoryNotEmptyException",
          400,
          ("The repository with name '%s' in registry with id '%s' cannot be deleted because it"
                  + " still contains images")
              .formatted(repository.name(), account(call)));
    }
    registry.deleteRepository(repository.name());
    tags.forget(repository.name());
    ObjectNode answer = Json.object();
    answer.set("repository", shown(call, repository));
    return answer;
  }

  private ObjectNode describeRegistry(Call call) {
    ObjectNode answer = Json.object();
    answer.put("registryId", account(call));
    answer.putObject("replicationConfiguration").putArray("rules");
    return answer;
  }

  private Registry.Repository existing(Call call, String name) {
    return registry
        .repository(name)
        .orElseThrow(() ->
            new AwsException(
                "RepositoryNotFoundException",
                400,
                "The repository with name '%s' does not exist in the registry with id '%s'"
                    .formatted(name, account(call))));
  }

  private ObjectNode shown(Call call, Registry.Repository repository) {
    String account = account(call);
    ObjectNode node = Json.object();
    node.put("repositoryArn", Arns.repository(account, call.caller().region(), repository.name()));
    node.put("registryId", account);
    node.put("repositoryName", repository.name());
    node.put("repositoryUri", host(account, call) + "/" + repository.name());
    node.put("createdAt", repository.createdAt().toString());
    node.put("imageTagMutability", repository.immutableTags() ? IMMUTABLE : MUTABLE);
    node.putObject("imageScanningConfiguration").put("scanOnPush", false);
    node.putObject("encryptionConfiguration").put("encryptionType", "AES256");
    return node;
  }
}
