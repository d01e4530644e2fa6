package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.cluster.Kind;
import dev.esteira.cluster.Objects;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the images of a pod's containers are to be, and who may pull them. */
final class WantedImages {
  private final Objects objects;
  private final String namespace;

  WantedImages(Objects objects, String namespace) {
    this.objects = objects;
    this.namespace = namespace;
  }

  /** What the container's image is to be, with the digest that the pod is bound to. */
  ImageSource.Wanted of(JsonNode pod, JsonNode container) {
    String image = container.path("image").asText("");
    String bound = ImagePins.read(Tree.annotation(pod, ImagePins.ANNOTATION)).get(image);
    return new ImageSource.Wanted(
        image, PodSpecs.policy(container), Optional.ofNullable(bound), credentials(pod));
  }

  /** The users and passwords of the pod's imagePullSecrets; what cannot be read is left out. */
  private List<ImageSource.Credential> credentials(JsonNode pod) {
    List<ImageSource.Credential> all = new ArrayList<>();
    for (JsonNode reference : pod.path("spec").path("imagePullSecrets")) {
      objects
          .get(Kind.SECRET, namespace, reference.path("name").asText(""))
          .map(s -> s.path("data").path(".dockerconfigjson").asText(""))
          .filter(d -> !d.isEmpty())
          .ifPresent(d -> all.addAll(dockerConfig(d)));
    }
    return all;
  }

  private static List<ImageSource.Credential> dockerConfig(String base64) {
    List<ImageSource.Credential> all = new ArrayList<>();
    try {
      JsonNode config = Json.parse(Base64.getMimeDecoder().decode(base64));
      for (Map.Entry<String, JsonNode> entry : config.path("auths").properties()) {
        String host = entry.getKey().replaceFirst("^https?://", "").replaceFirst("/.*$", "");
        String user = entry.getValue().path("username").asText("");
        String password = entry.getValue().path("password").asText("");
        String both = entry.getValue().path("auth").asText("");
        if (user.isEmpty() && !both.isEmpty()) {
          String text = new String(Base64.getMimeDecoder().decode(both), StandardCharsets.UTF_8);
          int colon = text.indexOf(':');
          user = text.substring(0, Math.max(0, colon));
          password = text.substring(colon + 1);
        }
        all.add(new ImageSource.Credential(host, user, password));
      }
    } catch (EsteiraException | IllegalArgumentException e) {
      return List.of();
    }
    return all;
  }
}
