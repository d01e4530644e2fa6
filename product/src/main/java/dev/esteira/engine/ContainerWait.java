package dev.esteira.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Waits for a container's end, through restarts of the engine. */
record ContainerWait(Engine engine, String path) {
  private static final int RETRY_MILLIS = 100;
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  Engine.Exit await() throws InterruptedException {
    while (true) {
      try (Engine.Answer answer =
          engine.send("POST", path + "/wait", List.of(), InputStream.nullInputStream())) {
        byte[] text = answer.in().readNBytes(ANSWER_BYTES_MAX);
        if (answer.status() != 200) {
          throw EngineCalls.failed(
              "POST", path + "/wait", new EngineCalls.Reply(answer.status(), Json.parse(text)));
        }
        // An engine that shuts down ends the answer without a word of the container.
        if (text.length > 0) {
          JsonNode end = Json.parse(text);
          return new Engine.Exit(
              end.path("StatusCode").asInt(), end.path("Error").path("Message").asText(""));
        }
      } catch (IOException e) {
        checkInterrupted();
      } catch (EsteiraException e) {
        checkInterrupted();
        if (e.code() != ErrorCode.UNAVAILABLE) {
          throw e;
        }
      }
      Thread.sleep(RETRY_MILLIS);
    }
  }

  private static void checkInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while waiting for a container's end");
    }
  }
}
