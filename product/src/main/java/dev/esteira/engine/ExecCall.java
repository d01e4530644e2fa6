package dev.esteira.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** One command inside a container, with a limit on its time and on what is kept of its output. */
record ExecCall(EngineCalls calls, String container, List<String> command, int limitSeconds) {
  private static final int OUTPUT_BYTES_MAX = 64 << 10;
  private static final int EXIT_WAIT_MILLIS = 5;
  private static final int EXIT_WAITS_MAX = 400;

  Engine.ExecResult run() {
    ObjectNode config = Json.object().put("AttachStdout", true).put("AttachStderr", true);
    command.forEach(config.putArray("Cmd")::add);
    String id =
        calls.call("POST", container + "/exec", config, Set.of(201)).body().path("Id").asText();
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    AtomicBoolean late = new AtomicBoolean();
    byte[] start = "{\"Detach\":false,\"Tty\":false}".getBytes(StandardCharsets.UTF_8);
    String path = "/exec/" + id + "/start";
    List<Map.Entry<String, String>> headers =
        List.of(Map.entry("Content-Type", "application/json"));
    try (Engine.Hijacked taken = calls.hijack("POST", path, headers, start);
        EngineCalls.Limit _ = EngineCalls.after(limitSeconds, () -> cutOff(taken, late))) {
      if (taken.status() != 101 && taken.status() != 200) {
        byte[] text = taken.in().readNBytes(OUTPUT_BYTES_MAX);
        throw EngineCalls.failed(
            "POST", path, new EngineCalls.Reply(taken.status(), Json.parse(text)));
      }
      LogFrames.read(taken.in(), (stream, bytes) -> keep(kept, bytes));
    } catch (IOException e) {
      if (!late.get()) {
        throw EngineCalls.broken("POST", path, e);
      }
    }
    if (late.get()) {
      kill(id);
      throw EsteiraException.limit(
          "ran " + command + " in a container, but it did not end within " + limitSeconds + " s");
    }
    return new Engine.ExecResult(exitCode(id), kept.toString(StandardCharsets.UTF_8));
  }

  private static void cutOff(Engine.Hijacked taken, AtomicBoolean late) {
    late.set(true);
    taken.close();
  }

  private static void keep(ByteArrayOutputStream kept, byte[] bytes) {
    kept.write(bytes, 0, Math.min(bytes.length, OUTPUT_BYTES_MAX - kept.size()));
  }

  /** The output may end a moment before the engine has seen the exit. */
  private int exitCode(String id) {
    for (int i = 0; i < EXIT_WAITS_MAX; i++) {
      JsonNode state = calls.get("/exec/" + id + "/json");
      if (!state.path("Running").asBoolean()) {
        return state.path("ExitCode").asInt();
      }
      try {
        Thread.sleep(EXIT_WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw EsteiraException.unavailable("interrupted while waiting for an exec's end", e);
      }
    }
    throw EsteiraException.limit("ran " + command + ", but the engine never said that it ended");
  }

  /** The engine cannot end an exec; its process id is one of this machine. */
  private void kill(String id) {
    long pid = calls.get("/exec/" + id + "/json").path("Pid").asLong();
    if (pid > 1) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
