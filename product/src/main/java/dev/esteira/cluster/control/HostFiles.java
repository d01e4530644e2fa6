package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What programs of a pod take for the name of their machine, and for the names around it. */
final class HostFiles {
  private static final String HOST_NAME_FILE = "/etc/hostname";

  private final PodContext context;
  private final PodActor actor;
  private final PodNames names;

  HostFiles(PodContext context, PodActor actor, PodNames names) {
    this.context = context;
    this.actor = actor;
    this.names = names;
  }

  /** Whether a volume of the pod's takes the place of the file of the name. */
  boolean ownName() {
    return actor.pod().path("spec").findValuesAsText("mountPath").contains(HOST_NAME_FILE);
  }

  /** Whether containers of this pod can have a name of their own in a network made for nobody. */
  boolean named() {
    return name().matches("[a-z0-9][a-z0-9.-]*") && context.ground().namesHosts();
  }

  /** What programs of the pod see as the name of their machine. */
  String name() {
    String name = actor.pod().path("spec").path("hostname").asText(names.pod());
    return name.substring(0, Math.min(63, name.length())).replaceAll("[-.]+$", "");
  }

  /** Name service as the pod says it; a volume of the user's at the same place wins. */
  void addTo(Path root, List<String> binds) {
    try {
      Files.createDirectories(root);
      PodDns dns = PodDns.of(actor.pod(), context.networks().houseAddress());
      bind(root.resolve("resolv.conf"), "/etc/resolv.conf", dns.resolvConf(), binds);
      bind(root.resolve("hosts"), "/etc/hosts", hosts(), binds);
      if (named()) {
        // The runtime reads the name off the path.
        Path file = Files.createDirectories(root.resolve("hostname")).resolve(name());
        bind(file, HOST_NAME_FILE, name() + "\n", binds);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the network files of " + names.pod(), e);
    }
  }

  private static void bind(Path file, String inside, String text, List<String> binds)
      throws IOException {
    if (binds.stream().noneMatch(b -> b.endsWith(":" + inside) || b.contains(":" + inside + ":"))) {
      if (!Files.exists(file) || !Files.readString(file).equals(text)) {
        Files.writeString(file, text);
      }
      binds.add(file + ":" + inside);
    }
  }

  private String hosts() {
    StringBuilder text = new StringBuilder("# Written by Esteira for this pod.\n");
    text.append("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
    text.append(actor.state().address()).append('\t').append(names.pod()).append('\n');
    for (JsonNode alias : actor.pod().path("spec").path("hostAliases")) {
      text.append(alias.path("ip").asText("")).append('\t');
      text.append(String.join("\t", Tree.strings(alias.path("hostnames")))).append('\n');
    }
    return text.toString();
  }
}
