package dev.esteira.cluster;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/** From method and path to the verb, and from the verb to who carries it out. */
final class Verbs {
  private final Reads reads;
  private final Writes writes;
  private final Deletes deletes;
  private final Watching watching;
  private final Scales scales;
  private final LogReads logs;
  private final ReadHook hook;

  Verbs(LedgerObjects objects, InstantSource clock, PodLogs logs, ReadHook hook) {
    this.reads = new Reads(objects, clock);
    this.writes = new Writes(objects, reads, clock);
    this.deletes = new Deletes(objects);
    this.watching = new Watching(objects, clock);
    this.scales = new Scales(objects, reads);
    this.logs = new LogReads(reads, logs, clock);
    this.hook = hook;
  }

  void answer(Request request) throws IOException, InterruptedException {
    String verb = verb(request);
    Callers.check(request.principal(), verb, request.path());
    tellHook(request);
    if (request.path().subresource().isPresent()) {
      part(request, request.path().subresource().get(), verb);
      return;
    }
    switch (verb) {
      case "get" -> reads.get(request);
      case "list" -> reads.list(request);
      case "watch" -> watching.watch(request);
      case "create" -> writes.create(request);
      case "update" -> writes.update(request, Update.Part.SPEC);
      case "patch" -> writes.patch(request, Update.Part.SPEC);
      case "delete" -> deletes.one(request);
      case "deletecollection" -> deletes.collection(request);
      default -> throw notAllowed();
    }
  }

  private static String verb(Request request) {
    boolean one = request.path().name().isPresent();
    boolean watch = request.flag("watch");
    return switch (request.exchange().method()) {
      case "GET", "HEAD" -> one ? "get" : watch ? "watch" : "list";
      case "POST" -> canCreate(request) ? "create" : "";
      case "PUT" -> one ? "update" : "";
      case "PATCH" -> one ? "patch" : "";
      case "DELETE" -> one ? "delete" : "deletecollection";
      default -> "";
    };
  }

  /** Objects are made in a collection; a namespaced one needs its namespace in the path. */
  private static boolean canCreate(Request request) {
    boolean placed = !request.kind().namespaced() || request.path().namespace().isPresent();
    return placed && (request.path().name().isEmpty() || request.path().subresource().isPresent());
  }

  private void part(Request request, String part, String verb)
      throws IOException, InterruptedException {
    Kind kind = request.kind();
    boolean status = part.equals("status") && kind.hasStatus();
    boolean scale = part.equals("scale") && kind.scalable();
    if (status) {
      status(request, verb);
    } else if (scale) {
      scale(request, verb);
    } else if (kind == Kind.POD && part.equals("log") && verb.equals("get")) {
      logs.get(request);
    } else if (kind == Kind.POD && isStream(part)) {
      throw ApiException.of(
          ApiException.Reason.NOT_IMPLEMENTED,
          part + " of pods is not supported yet by this cluster");
    } else {
      throw ApiException.of(
          ApiException.Reason.NOT_FOUND, "the server could not find the requested resource");
    }
  }

  private static boolean isStream(String part) {
    return switch (part) {
      case "exec", "attach", "portforward", "proxy", "ephemeralcontainers", "eviction" -> true;
      default -> false;
    };
  }

  private void status(Request request, String verb) throws IOException {
    switch (verb) {
      case "get" -> reads.get(request);
      case "update" -> writes.update(request, Update.Part.STATUS);
      case "patch" -> writes.patch(request, Update.Part.STATUS);
      default -> throw notAllowed();
    }
  }

  private void scale(Request request, String verb) throws IOException {
    switch (verb) {
      case "get" -> scales.get(request);
      case "update" -> scales.update(request);
      case "patch" -> scales.patch(request);
      default -> throw notAllowed();
    }
  }

  /** Requests that read or write one Deployment; lists and watches count when they name it. */
  private void tellHook(Request request) {
    if (request.kind() != Kind.DEPLOYMENT || request.path().namespace().isEmpty()) {
      return;
    }
    Optional<String> name = request.path().name().or(() -> request.fields().name());
    name.ifPresent(n -> hook.beforeDeployment(request.principal(), request.path().scope(), n));
  }

  private static ApiException notAllowed() {
    return ApiException.of(
        ApiException.Reason.METHOD_NOT_ALLOWED,
        "the server does not allow this method on the requested resource");
  }
}
