package dev.esteira.app;

import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import dev.esteira.names.RealNames;

/** Sends a request to the part of the house that its real host name means. */
final class RealNameDoor implements Handler {
  /** The bucket of kubectl and its helpers, by the address that names buckets in the path. */
  private static final String EKS_TOOLS = "/amazon-eks/";

  private static final String API = "/api/v4/";

  private final Handler registry;
  private final Handler git;
  private final Handler aws;
  private final Handler console;
  private final Handler downloads;

  RealNameDoor(Handler registry, Handler git, Handler aws, Handler console, Handler downloads) {
    this.registry = registry;
    this.git = git;
    this.aws = aws;
    this.console = console;
    this.downloads = downloads;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    RealNames.Meaning meaning = RealNames.meaning(exchange.host()).orElse(null);
    switch (meaning) {
      case RealNames.EcrRegistry _, RealNames.GitlabRegistry _ -> registry.handle(exchange);
      case RealNames.Gitlab _ when isConsole(exchange.path()) -> console.handle(exchange);
      case RealNames.CodeCommit _, RealNames.Gitlab _ -> git.handle(exchange);
      case RealNames.AwsApi(String service, String _)
          when service.startsWith("s3") && exchange.path().startsWith(EKS_TOOLS) ->
          downloads.handle(exchange);
      case RealNames.AwsApi _ -> aws.handle(exchange);
      case RealNames.Downloads _ -> downloads.handle(exchange);
      case RealNames.DockerHub _ -> refuse(exchange);
      case null -> refuse(exchange);
    }
  }

  private static boolean isConsole(String path) {
    return path.startsWith(API) || path.startsWith("/.well-known/") || path.startsWith("/oauth/");
  }

  private static void refuse(Exchange exchange) throws java.io.IOException {
    exchange.text(421, "esteira does not answer for the host '" + exchange.host() + "'\n");
  }
}
