package dev.esteira.images;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Makes the layer of a recipe: runs its scripts in a container of the image below, and keeps what
 * they changed. The containers use the host's network, as whatever makes images does.
 */
final class LayerMaker {
  private static final String MAKING = "dev.esteira.making";
  private static final String WORK = "/mnt";
  private static final int SCRIPT_SECONDS_MAX = 1200;
  private static final int LAST_LINES_MAX = 20;
  private static final int ANSWER_BYTES_MAX = 1 << 20;
  private static final List<String> PASSED =
      List.of("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY");

  private final Engine engine;
  private final RecipeFiles files;
  private final ImageShelf shelf;

  LayerMaker(Engine engine, RecipeFiles files, ImageShelf shelf) {
    this.engine = engine;
    this.files = files;
    this.shelf = shelf;
  }

  /** Writes the layer as a tar; {@code ground} is the engine's id of the image below. */
  void make(LayerRecipe recipe, String ground, Path tar, Consumer<String> progress) {
    Path work = null;
    try {
      work = Files.createTempDirectory("esteira-layer-");
      files.writeTo(work);
      removeLeft(recipe);
      if (!recipe.fetch().isEmpty()) {
        String python = shelf.ensure(ImageRecipe.PYTHON, progress);
        engine.removeContainer(
            run(recipe, python, work, List.of(recipe.fetch(), recipe.version()), progress));
      }
      List<String> script = new ArrayList<>(List.of("layer.sh", recipe.script(), recipe.version()));
      script.addAll(recipe.packages());
      String container = run(recipe, ground, work, script, progress);
      keep(container, tar);
    } catch (IOException e) {
      throw EsteiraException.internal("could not make image " + recipe.name() + ": " + e, e);
    } finally {
      removeLeft(recipe);
      if (work != null) {
        ImageMaker.remove(work);
      }
    }
  }

  /** The recipe is worked on by nobody else, so what carries its mark was left by a crash. */
  private void removeLeft(LayerRecipe recipe) {
    engine
        .containers(Map.of(MAKING, recipe.slug()))
        .forEach(container -> engine.removeContainer(container.path("Id").asText()));
  }

  private String run(
      LayerRecipe recipe, String image, Path work, List<String> script, Consumer<String> progress) {
    ObjectNode config = config(recipe, image, work, script);
    String id =
        engine.createContainer("esteira-making-" + recipe.slug() + "-" + Ids.random(4), config);
    Deque<String> last = new ArrayDeque<>();
    engine.startContainer(id);
    CompletableFuture<Void> limit =
        CompletableFuture.runAsync(
            () -> engine.stopContainer(id, 1),
            CompletableFuture.delayedExecutor(SCRIPT_SECONDS_MAX, TimeUnit.SECONDS));
    try (AutoCloseable logs = engine.logs(id, true, 0, new Follower(recipe, last, progress))) {
      Engine.Exit exit = engine.waitContainer(id);
      if (exit.code() != 0) {
        throw failed(recipe, script.getFirst(), exit.code(), logs, last);
      }
      return id;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EsteiraException.unavailable("interrupted while making " + recipe.name(), e);
    } catch (EsteiraException e) {
      throw e;
    } catch (Exception e) {
      throw EsteiraException.internal("could not read the log of " + recipe.name(), e);
    } finally {
      limit.cancel(false);
    }
  }

  /** A container that runs the script as root, with the network and the proxies of the host. */
  private static ObjectNode config(
      LayerRecipe recipe, String image, Path work, List<String> script) {
    ObjectNode config = Json.object().put("Image", image).put("User", "root");
    config.putArray("Entrypoint");
    var command = config.putArray("Cmd");
    command.add("sh").add(WORK + "/" + script.getFirst());
    script.stream().skip(1).forEach(command::add);
    var env = config.putArray("Env");
    env.add("RECIPE=" + WORK).add("DEBIAN_FRONTEND=noninteractive").add("HOME=/root");
    for (String name : PASSED) {
      String value = System.getenv(name);
      if (value != null) {
        env.add(name + "=" + value);
      }
    }
    config.putObject("Labels").put(MAKING, recipe.slug());
    var host = config.putObject("HostConfig").put("NetworkMode", "host");
    host.putArray("Binds").add(work + ":" + WORK);
    return config;
  }

  private static EsteiraException failed(
      LayerRecipe recipe, String script, int code, AutoCloseable logs, Deque<String> last)
      throws Exception {
    logs.close();
    synchronized (last) {
      return EsteiraException.unavailable(
          "making image %s failed: %s exited with %d; the last that it said:%n%s"
              .formatted(recipe.name(), script, code, String.join("\n", last)),
          null);
    }
  }

  /** Passes the steps on that scripts announce, and keeps the last lines for a failure's report. */
  private record Follower(LayerRecipe recipe, Deque<String> last, Consumer<String> progress)
      implements Engine.LogSink {
    @Override
    public void line(int stream, String timestamp, byte[] text) {
      String line = new String(text, StandardCharsets.UTF_8).strip();
      synchronized (last) {
        last.addLast(line);
        if (last.size() > LAST_LINES_MAX) {
          last.removeFirst();
        }
      }
      if (line.startsWith("I: ")) {
        progress.accept(recipe.name() + ": " + line.substring(3));
      }
    }

    @Override
    public void end() {
      // The container's exit code says how it ended.
    }
  }

  private void keep(String container, Path tar) throws IOException {
    String image = commit(container);
    try {
      var layers = engine.inspectImage(image).orElseThrow().path("RootFS").path("Layers");
      String top = layers.get(layers.size() - 1).asText();
      try (Engine.Answer saved =
          engine.send("GET", "/images/" + image + "/get", List.of(), none())) {
        TopLayer.write(saved.in(), top, tar);
      }
    } finally {
      engine.removeImage(image);
    }
  }

  private String commit(String container) throws IOException {
    try (Engine.Answer answer =
        engine.send(
            "POST",
            "/commit?pause=0&container=" + container,
            List.of(
                Map.entry("Content-Type", "application/json"), Map.entry("Content-Length", "2")),
            new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)))) {
      String text =
          new String(answer.in().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8).strip();
      if (answer.status() != 201) {
        throw new IOException("the engine did not commit " + container + ": " + text);
      }
      return Json.parse(text).path("Id").asText();
    }
  }

  private static InputStream none() {
    return InputStream.nullInputStream();
  }
}
