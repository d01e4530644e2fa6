package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.Fleet;
import dev.esteira.fleet.KeyPairs;
import dev.esteira.fleet.KeyPairs.KeyPair;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The calls of EC2 for key pairs. */
public final class Ec2KeyPairs extends Ec2Feature {
  private static final Filters<KeyPair> FILTERS =
      new Filters<KeyPair>(KeyPair::tags)
          .one("key-name", KeyPair::name)
          .one("key-pair-id", KeyPair::id)
          .one("fingerprint", KeyPair::fingerprint);

  private final KeyPairs keys;

  public Ec2KeyPairs(Fleet fleet) {
    this.keys = fleet.keyPairs();
  }

  @Override
  Map<String, Operation> operations() {
    return Map.of(
        "CreateKeyPair", this::create,
        "ImportKeyPair", this::take,
        "DescribeKeyPairs", this::describe,
        "DeleteKeyPair", this::delete);
  }

  @Override
  List<Taggable> taggables() {
    return List.of(
        new Ec2FleetTags(
            "key-",
            "key-pair",
            () -> {
              Map<String, Map<String, String>> all = new LinkedHashMap<>();
              keys.all().forEach(k -> all.put(k.id(), k.tags()));
              return all;
            },
            id -> notFound("pair ID", id),
            (id, set, removed) -> keys.tag(id, set, removed)));
  }

  private static AwsException notFound(String kind, String name) {
    return new AwsException(
        "InvalidKeyPair.NotFound", 400, "The key " + kind + " '" + name + "' does not exist");
  }

  private static AwsException refused(EsteiraException e) {
    return e.code() == ErrorCode.CONFLICT
        ? new AwsException("InvalidKeyPair.Duplicate", 400, e.text())
        : new AwsException("InvalidKey.Format", 400, e.text());
  }

  private ObjectNode create(Call call) {
    String type = call.optional("KeyType").orElse("rsa");
    if (!type.equals("rsa") && !type.equals("ed25519")) {
      throw Ec2.invalid("Invalid value '" + type + "' for keyType.");
    }
    try {
      KeyPairs.Made made =
          keys.create(Ec2.text(call, "KeyName"), type, Ec2Tags.specified(call, "key-pair"));
      return told(made.pair()).put("KeyMaterial", made.privatePem());
    } catch (EsteiraException e) {
      throw refused(e);
    }
  }

  private ObjectNode take(Call call) {
    try {
      byte[] material = Base64.getMimeDecoder().decode(Ec2.text(call, "PublicKeyMaterial"));
      String publicKey = new String(material, StandardCharsets.UTF_8);
      return told(
          keys.take(Ec2.text(call, "KeyName"), publicKey, Ec2Tags.specified(call, "key-pair")));
    } catch (EsteiraException e) {
      throw refused(e);
    } catch (IllegalArgumentException e) {
      throw new AwsException("InvalidKey.Format", 400, "Key is not in base64");
    }
  }

  private static ObjectNode told(KeyPair pair) {
    ObjectNode shown = Json.object().put("KeyName", pair.name()).put("KeyPairId", pair.id());
    shown.put("KeyFingerprint", pair.fingerprint());
    if (!pair.tags().isEmpty()) {
      shown.set("Tags", Ec2Tags.json(pair.tags()));
    }
    return shown;
  }

  private ObjectNode describe(Call call) {
    List<KeyPair> asked = new ArrayList<>();
    for (String name : call.texts("KeyNames")) {
      asked.add(keys.pair(name).orElseThrow(() -> notFound("pair", name)));
    }
    for (String id : call.texts("KeyPairIds")) {
      asked.add(byId(id).orElseThrow(() -> notFound("pair ID", id)));
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("KeyPairs");
    for (KeyPair pair : FILTERS.apply(call, asked.isEmpty() ? keys.all() : asked)) {
      ObjectNode shown = told(pair).put("KeyType", pair.type());
      shown.put("CreateTime", Ec2InstanceShape.time(pair.createdAt()));
      if (call.flag("IncludePublicKey")) {
        shown.put("PublicKey", pair.publicKey());
      }
      list.add(shown);
    }
    return answer;
  }

  private Optional<KeyPair> byId(String id) {
    return keys.all().stream().filter(pair -> pair.id().equals(id)).findFirst();
  }

  private ObjectNode delete(Call call) {
    Optional<String> name =
        call.optional("KeyName")
            .or(() -> call.optional("KeyPairId").flatMap(this::byId).map(KeyPair::name));
    Optional<KeyPair> known = name.flatMap(keys::pair);
    name.ifPresent(keys::delete);
    ObjectNode answer = Json.object().put("Return", true);
    known.ifPresent(pair -> answer.put("KeyPairId", pair.id()));
    return answer;
  }
}
