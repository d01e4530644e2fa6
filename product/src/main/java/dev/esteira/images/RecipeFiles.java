package dev.esteira.images;

import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The files of all recipes as they lie in the jar, with the host's certificate bundle. */
record RecipeFiles(Map<String, byte[]> files) {
  static final Path HOST_BUNDLE = Path.of("/etc/ssl/certs/ca-certificates.crt");
  private static final String[] NAMES = {
    "common.sh",
    "pip.conf",
    "python.sh",
    "standard.sh",
    "aws.sh",
    "instance.sh",
    "instance-boot.sh",
    "instance-first-boot.sh",
    "instance-shutdown.sh",
    "yum.sh",
    "chkconfig.sh",
    "docker.sh",
    "docker-entrypoint.sh",
    "docker-client.sh",
    "docker-compose.sh",
    "compose.sh",
    "apk.sh",
    "adduser.sh",
    "ground.sh",
    "layer.sh",
    "node.sh",
    "node-fetch.sh",
    "java.sh",
    "maven.sh",
    "go.sh",
    "nginx.sh",
    "httpd.sh",
    "redis.sh",
    "postgres.sh",
    "python-layer.sh",
    "tools.sh",
    "tools-java.sh",
    "tools-python.sh",
    "tools-go.sh",
    "yum-container.sh",
    "rpm.sh",
    "alpine.sh",
    "distroless.sh",
    "php.sh",
    "php-extensions.sh",
    "tomcat.sh",
    "mariadb.sh",
    "ruby.sh",
    "nginx-unprivileged.sh",
    "memcached.sh",
    "builders.sh",
    "kaniko-executor.sh",
    "podman.sh",
    "buildah.sh"
  };

  static RecipeFiles read() {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : NAMES) {
      files.put(name, resource(name));
    }
    try {
      boolean bundle = Files.exists(HOST_BUNDLE);
      files.put("ca-certificates.crt", bundle ? Files.readAllBytes(HOST_BUNDLE) : new byte[0]);
    } catch (IOException e) {
      throw EsteiraException.internal("could not read " + HOST_BUNDLE, e);
    }
    return new RecipeFiles(files);
  }

  private static byte[] resource(String name) {
    try (InputStream in = RecipeFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw EsteiraException.internal("the program lacks its file images/" + name, null);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw EsteiraException.internal("could not read images/" + name, e);
    }
  }

  /** What tells one making of an image from another: all that goes into it that we know. */
  String hash(ImageRecipe recipe) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    String parts =
        String.join(
            "\n",
            recipe.repository(),
            recipe.packages().toString(),
            recipe.script(),
            recipe.env().toString(),
            recipe.command().toString());
    if (!recipe.release().equals("bookworm")) {
      parts += "\n" + recipe.release();
    }
    if (!recipe.entrypoint().isEmpty()) {
      parts += "\n" + recipe.entrypoint();
    }
    all.writeBytes(parts.getBytes(StandardCharsets.UTF_8));
    all.writeBytes(System.getProperty("os.arch").getBytes(StandardCharsets.UTF_8));
    files.forEach((name, bytes) -> {
      boolean others = name.endsWith(".sh") && !name.equals("common.sh");
      if (!others || uses(recipe.script(), name)) {
        all.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        all.writeBytes(bytes);
      }
    });
    return Digest.of(all.toByteArray()).hex().substring(0, 16);
  }

  /** The same for a layer on that ground. */
  String hash(LayerRecipe recipe, MadeImage ground) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    String parts =
        String.join(
            "\n",
            ground.layerDigest().value(),
            recipe.name(),
            recipe.packages().toString(),
            recipe.fetch(),
            recipe.script(),
            recipe.defaults().toString());
    all.writeBytes(parts.getBytes(StandardCharsets.UTF_8));
    files.forEach((name, bytes) -> {
      if (name.equals("layer.sh") || name.equals(recipe.fetch()) || uses(recipe.script(), name)) {
        all.writeBytes(bytes);
      }
    });
    return Digest.of(all.toByteArray()).hex().substring(0, 16);
  }

  /** The script of another recipe changes nothing in this one. */
  private boolean uses(String script, String name) {
    String text = new String(files.getOrDefault(script, new byte[0]), StandardCharsets.UTF_8);
    return name.equals(script) || text.contains(name);
  }

  void writeTo(Path directory) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
  }
}
