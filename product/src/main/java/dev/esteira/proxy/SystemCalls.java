package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code /_ping}, {@code /version}, {@code /info}, {@code /auth}, and what is refused whole. */
final class SystemCalls {
  private static final Set<String> HUB = Set.of("", "docker.io", "index.docker.io");

  /** The words of the engine when it never spoke to a registry. */
  private static final Pattern UNREACHED =
      Pattern.compile("no such host|dial tcp|timeout|deadline exceeded|connection re(?:fused|set)");

  private static final Set<String> PUBLIC_INFO =
      Set.of(
          "Architecture",
          "CgroupDriver",
          "CgroupVersion",
          "CpuCfsPeriod",
          "CpuCfsQuota",
          "CPUShares",
          "CPUSet",
          "DefaultRuntime",
          "Driver",
          "IndexServerAddress",
          "Isolation",
          "KernelVersion",
          "LoggingDriver",
          "MemTotal",
          "MemoryLimit",
          "NCPU",
          "OomKillDisable",
          "OperatingSystem",
          "OSType",
          "OSVersion",
          "PidsLimit",
          "ServerVersion",
          "SwapLimit");

  private final Scope scope;
  private final OwnedContainers containers;
  private final OwnedImages images;
  private final RegistryLogin login;

  SystemCalls(Scope scope, OwnedContainers containers, OwnedImages images, RegistryLogin login) {
    this.scope = scope;
    this.containers = containers;
    this.images = images;
    this.login = login;
  }

  void addTo(Routes routes) {
    routes
        .add("GET", "/_ping", this::ping)
        .add("HEAD", "/_ping", this::ping)
        .add("GET", "/version", call -> Relay.json(scope, call, "/version"))
        .add("GET", "/info", this::info)
        .add("POST", "/auth", this::auth)
        .add("POST", "/build/prune", SystemCalls::pruneBuilds)
        .add("GET", "/system/df", this::diskUse);
    for (String part : new String[] {"session", "grpc"}) {
      routes.add(
          "POST",
          "/" + part,
          _ -> {
            throw noBuildKit();
          });
    }
  }

  static EngineError noBuildKit() {
    return EngineError.invalid(
        "BuildKit is not supported here: set DOCKER_BUILDKIT=0, and docker build uses the"
            + " classic builder");
  }

  private void ping(Call call) throws IOException {
    call.exchange()
        .set("Cache-Control", "no-cache, no-store, must-revalidate")
        .set("Pragma", "no-cache")
        .set("Builder-Version", "1");
    byte[] ok = "OK".getBytes(StandardCharsets.US_ASCII);
    boolean isHead = call.exchange().method().equals("HEAD");
    call.exchange().send(200, "text/plain; charset=utf-8", isHead ? new byte[0] : ok);
  }

  /** What the engine is; of what it holds, the owner's share alone. */
  private void info(Call call) throws IOException {
    JsonNode all = scope.engine().get("/info");
    ObjectNode info = Json.object();
    for (String name : PUBLIC_INFO) {
      if (all.has(name)) {
        info.set(name, all.path(name));
      }
    }
    int running = 0;
    JsonNode own = containers.all();
    for (JsonNode container : own) {
      running += container.path("State").asText().equals("running") ? 1 : 0;
    }
    info.put("Containers", own.size())
        .put("ContainersRunning", running)
        .put("ContainersPaused", 0)
        .put("ContainersStopped", own.size() - running)
        .put("Images", images.all().size())
        .put("ID", scope.names().prefix())
        .put("Name", "esteira")
        .put("DockerRootDir", "/var/lib/docker")
        .put("IPv4Forwarding", true)
        .put("BridgeNfIptables", true)
        .put("BridgeNfIp6tables", true);
    info.putArray("SecurityOptions").add("name=seccomp,profile=default");
    info.putObject("Runtimes").putObject("runc").put("path", "runc");
    info.putObject("Swarm").put("LocalNodeState", "inactive");
    info.putObject("Plugins").putArray("Volume").add("local");
    call.exchange().json(200, info);
  }

  private void auth(Call call) throws IOException {
    JsonNode credentials = call.body();
    String host =
        credentials
            .path("serveraddress")
            .asText("")
            .replaceFirst("^https?://", "")
            .replaceFirst("/.*$", "");
    boolean isKept =
        host.equals(RegistryLogin.ECR_PUBLIC) && login.principal(credentials).isPresent();
    if (!scope.isOurHost(host) && !isKept) {
      call.exchange().json(200, elsewhere(host, credentials));
      return;
    }
    Access.Principal principal =
        login
            .principal(credentials)
            .orElseThrow(() ->
                new EngineError(
                    401, "Get https://" + host + "/v2/: unauthorized: authentication required"));
    login.loggedIn(host, principal);
    call.exchange()
        .json(200, Json.object().put("Status", "Login Succeeded").put("IdentityToken", ""));
  }

  /**
   * Where Docker Hub cannot be reached, its images have stand-ins that nobody needs an account for:
   * a build that logs in there goes on, and is told.
   */
  private JsonNode elsewhere(String host, JsonNode credentials) {
    try {
      return scope.engine().post("/auth", credentials);
    } catch (EngineError e) {
      if (!HUB.contains(host) || !UNREACHED.matcher(e.text()).find()) {
        throw e;
      }
      String why = e.text().strip().replaceFirst("^Get \"[^\"]*\": ", "");
      return Json.object()
          .put(
              "Status",
              "WARNING: this login was not checked, for Docker Hub cannot be reached: "
                  + why
                  + ". Pulls get stand-ins; a push there will fail.")
          .put("IdentityToken", "");
    }
  }

  /** The layer cache is shared and kept by the house. */
  private static void pruneBuilds(Call call) throws IOException {
    ObjectNode answer = Json.object().put("SpaceReclaimed", 0);
    answer.putArray("CachesDeleted");
    call.exchange().json(200, answer);
  }

  private void diskUse(Call call) throws IOException {
    ObjectNode use = Json.object().put("LayersSize", 0L);
    var list = use.putArray("Images");
    images.all().forEach(image -> list.add(images.shown(image).put("Containers", 0)));
    use.set("Containers", scope.names().outward(containers.all()));
    use.putArray("Volumes");
    use.putArray("BuildCache");
    call.exchange().json(200, use);
  }
}
