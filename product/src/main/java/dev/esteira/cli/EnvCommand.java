package dev.esteira.cli;

import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "env",
    description = "Prints shell lines that point git, docker, kubectl and aws at this house.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  eval \"$(./esteira env)\"; kubectl get pods"})
final class EnvCommand implements Callable<Integer> {
  private static final String REGION = "us-east-1";

  private final Context context;

  @Option(names = "--json", description = "Print one JSON object instead of shell lines.")
  private boolean json;

  EnvCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Optional<Endpoints> endpoints = Endpoints.read(context.home());
    if (endpoints.isEmpty()) {
      if (!json) {
        context.output().data("false");
      }
      context.output().say("esteira: no Esteira is running for " + context.home().root());
      context.output().say("Next: ./esteira up");
      return ErrorCode.UNAVAILABLE.exitCode();
    }
    Map<String, String> variables = variables(context.home(), endpoints.get());
    if (json) {
      context.output().json(variables);
      return 0;
    }
    variables.forEach(
        (name, value) -> context.output().data("export " + name + "=" + quote(value)));
    context.output().data("unset AWS_PROFILE AWS_SESSION_TOKEN DOCKER_CONTEXT");
    return 0;
  }

  /** What clients of this house need; the path keeps what it had. */
  static Map<String, String> variables(Home home, Endpoints endpoints) {
    String[] key = read(home.keys().resolve("admin-aws-key")).split(" ", 2);
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    String bin = home.bin().toString();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("ESTEIRA_HOME", home.root().toString());
    variables.put("PATH", path.startsWith(bin + ":") ? path : bin + ":" + path);
    variables.put("AWS_ACCESS_KEY_ID", key[0]);
    variables.put("AWS_SECRET_ACCESS_KEY", key[1]);
    variables.put("AWS_REGION", REGION);
    variables.put("AWS_DEFAULT_REGION", REGION);
    variables.put("AWS_ENDPOINT_URL", endpoints.aws());
    variables.put("AWS_CA_BUNDLE", home.ca().resolve("ca.pem").toString());
    variables.put("KUBECONFIG", home.bin().resolve("kubeconfig").toString());
    variables.put("DOCKER_HOST", endpoints.docker());
    variables.put("GIT_CONFIG_COUNT", "1");
    variables.put("GIT_CONFIG_KEY_0", "credential." + endpoints.console() + ".helper");
    variables.put(
        "GIT_CONFIG_VALUE_0",
        "!f() { echo username=esteira; echo password=$(cat '" + home.adminToken() + "'); }; f");
    variables.put("NO_PROXY", noProxy(endpoints));
    return variables;
  }

  private static String noProxy(Endpoints endpoints) {
    String ours = "127.0.0.1,localhost," + endpoints.house() + "," + endpoints.pool();
    String theirs = Optional.ofNullable(System.getenv("NO_PROXY")).orElse("");
    if (theirs.isBlank() || theirs.equals(ours)) {
      return ours;
    }
    return theirs.contains(ours) ? theirs : ours + "," + theirs;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw EsteiraException.internal("could not read " + file, e);
    }
  }

  private static String quote(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }
}
