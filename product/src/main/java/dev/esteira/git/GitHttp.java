package dev.esteira.git;

import dev.esteira.access.Access;
import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/** Smart HTTP (gitprotocol-http) with basic authentication; the password is a token. */
final class GitHttp implements Handler {
  private static final Logger LOG = Logger.getLogger(GitHttp.class.getName());
  private static final int COPY_BYTES = 64 << 10;

  /** How much of a refused push is read to its end, so that its sender comes to read the answer. */
  private static final long DRAIN_BYTES_MAX = 16L << 30;

  private final Access access;
  private final List<JgitRepositories.Login> logins = new CopyOnWriteArrayList<>();
  private final Bare bare;
  private final Pushes pushes;

  GitHttp(Access access, Bare bare, Pushes pushes) {
    this.access = access;
    this.bare = bare;
    this.pushes = pushes;
  }

  void accept(JgitRepositories.Login login) {
    logins.add(login);
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Optional<GitRequest> parsed =
        GitRequest.parse(exchange.path(), exchange.query("service").orElse(""));
    if (parsed.isEmpty()) {
      exchange.text(404, "no git service here\n");
      return;
    }
    GitRequest request = parsed.get();
    Optional<Access.Principal> principal = principal(exchange, request);
    if (principal.isEmpty()) {
      exchange.set("WWW-Authenticate", "Basic realm=\"Esteira\"");
      exchange.text(401, "The password must be a token of this Esteira; any user name will do.\n");
    } else if (!request.known()) {
      exchange.text(403, "Only the smart HTTP protocol is served; use git 1.6.6 or newer.\n");
    } else if (!mayUse(principal.get(), request)) {
      String who = principal.get().name();
      exchange.text(403, who + " may not use the project '" + request.project() + "'.\n");
    } else if (access.project(request.project()).isEmpty()) {
      exchange.text(
          404,
          "There is no project '%s'. Make it with: esteira project create %s\n"
              .formatted(request.project(), request.project()));
    } else {
      serve(exchange, request, principal.get());
    }
  }

  private Optional<Access.Principal> principal(Exchange exchange, GitRequest request) {
    String header = exchange.header("Authorization").orElse("");
    if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(6).strip());
      String pair = new String(decoded, StandardCharsets.UTF_8);
      String user = pair.substring(0, Math.max(0, pair.indexOf(':')));
      String password = pair.substring(pair.indexOf(':') + 1);
      return access
          .byToken(password)
          .or(() ->
              logins.stream()
                  .flatMap(l ->
                      l.check(user, password, exchange.host(), request.repositoryPath()).stream())
                  .findFirst());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean mayUse(Access.Principal principal, GitRequest request) {
    String project = request.project();
    boolean reads = request.service().equals(GitRequest.UPLOAD);
    if (principal.grant().isPresent()) {
      return principal.grant().get().allows("write_repository", project)
          || (reads && principal.grant().get().allows("read_repository", project));
    }
    return reads
        ? principal.mayRead(project)
        : principal.project().map(project::equals).orElse(!principal.name().equals("pods"));
  }

  private void serve(Exchange exchange, GitRequest request, Access.Principal principal)
      throws IOException {
    Repository repository = bare.of(request.project());
    exchange.set("Cache-Control", "no-cache");
    String kind = request.advertisement() ? "-advertisement" : "-result";
    exchange.set("Content-Type", "application/x-" + request.service() + kind);
    exchange.status(200);
    if (request.service().equals(GitRequest.UPLOAD)) {
      upload(exchange, request, repository);
    } else {
      receive(exchange, request, repository, principal);
    }
  }

  private static void upload(Exchange exchange, GitRequest request, Repository repository)
      throws IOException {
    UploadPack upload = new UploadPack(repository);
    upload.setBiDirectionalPipe(false);
    upload.setExtraParameters(
        exchange.header("Git-Protocol").map(v -> List.of(v.split(":"))).orElse(List.of()));
    if (request.advertisement()) {
      upload.sendAdvertisedRefs(
          new PacketLineOutRefAdvertiser(new PacketLineOut(exchange.out())), GitRequest.UPLOAD);
      return;
    }
    try (InputStream in = body(exchange)) {
      upload.upload(in, exchange.out(), null);
    }
  }

  private void receive(
      Exchange exchange, GitRequest request, Repository repository, Access.Principal principal)
      throws IOException {
    ReceivePack receive = pushes.receivePack(request.project(), repository, principal);
    if (request.advertisement()) {
      PacketLineOut out = new PacketLineOut(exchange.out());
      out.writeString("# service=" + GitRequest.RECEIVE + "\n");
      out.end();
      receive.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(out));
      return;
    }
    InputStream in = body(exchange);
    try {
      receive.receive(in, exchange.out(), null);
    } catch (IOException e) {
      // JGit has put the reason into the report already; its sender reads that after sending all.
      LOG.log(Level.FINE, "a push to " + request.project() + " was refused", e);
      drain(exchange.in());
    }
  }

  private static InputStream body(Exchange exchange) throws IOException {
    String encoding = exchange.header("Content-Encoding").orElse("identity");
    return switch (encoding) {
      case "gzip", "x-gzip" -> new GZIPInputStream(exchange.in(), COPY_BYTES);
      default -> exchange.in();
    };
  }

  private static void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[COPY_BYTES];
    long left = DRAIN_BYTES_MAX;
    for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
      left -= n;
    }
  }
}
