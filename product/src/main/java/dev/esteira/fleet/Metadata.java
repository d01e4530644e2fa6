package dev.esteira.fleet;

import dev.esteira.http.Exchange;
import dev.esteira.http.Handler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metadata service, versions 1 and 2, as instances see it at 169.254.169.254. Who asks is told
 * by the source address; nobody but instances gets an answer.
 */
public final class Metadata implements Handler {
  private static final String TTL = "X-aws-ec2-metadata-token-ttl-seconds";
  private static final String TOKEN = "X-aws-ec2-metadata-token";
  private static final int TTL_SECONDS_MAX = 21_600;
  private static final Pattern VERSIONED =
      Pattern.compile("/(latest|1\\.0|20[0-9]{2}-[0-9]{2}-[0-9]{2})(?:/(.*))?");
  private static final String VERSIONS =
      "1.0\n2007-01-19\n2009-04-04\n2018-09-24\n2021-07-15\nlatest";

  private final Ground ground;
  private final LiveInstances instances;
  private final KeyPairs keys;
  private final Roles roles;
  private final MetadataTokens tokens;
  private final RoleKeys roleKeys;
  private volatile Function<String, Optional<String>> lifecycleState = id -> Optional.empty();

  Metadata(Ground ground, LiveInstances instances, KeyPairs keys, Roles roles) {
    this.ground = ground;
    this.instances = instances;
    this.keys = keys;
    this.roles = roles;
    this.tokens = new MetadataTokens(ground.ledger(), ground.clock());
    this.roleKeys = new RoleKeys(ground.access(), ground.clock());
    instances.onChange(instance -> {
      if (instance.endedAt().isPresent()) {
        roleKeys.forget(instance.id());
      }
    });
  }

  /** Who knows the state that an instance's group is bringing it to. */
  public void lifecycleStates(Function<String, Optional<String>> states) {
    lifecycleState = states;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    exchange.set("Server", "EC2ws");
    Optional<Instances.Instance> asking =
        exchange
            .remote()
            .map(address -> address.getAddress().getHostAddress())
            .flatMap(ground.vpcs()::holderOf)
            .filter(holder -> holder.startsWith(Life.holder("")))
            .flatMap(holder -> instances.instance(holder.substring(Life.holder("").length())));
    if (asking.isEmpty()) {
      page(exchange, 403, "Forbidden");
      return;
    }
    switch (exchange.method()) {
      case "PUT" -> put(exchange, asking.get());
      case "GET", "HEAD" -> get(exchange, asking.get());
      default -> page(exchange, 405, "Method Not Allowed");
    }
  }

  private void put(Exchange exchange, Instances.Instance instance) throws IOException {
    if (!trimmed(exchange.path()).equals("/latest/api/token")) {
      page(exchange, 405, "Method Not Allowed");
      return;
    }
    if (exchange.header("X-Forwarded-For").isPresent()) {
      page(exchange, 403, "Forbidden");
      return;
    }
    Optional<Integer> seconds =
        exchange.header(TTL).filter(v -> v.matches("[0-9]{1,6}")).map(Integer::valueOf);
    if (seconds.isEmpty() || seconds.get() < 1 || seconds.get() > TTL_SECONDS_MAX) {
      page(exchange, 400, "Bad Request");
      return;
    }
    exchange.set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", String.valueOf(seconds.get()));
    text(exchange, tokens.issue(instance.id(), seconds.get()));
  }

  private void get(Exchange exchange, Instances.Instance instance) throws IOException {
    Optional<String> token = exchange.header(TOKEN);
    boolean allowed =
        token
            .map(given -> tokens.valid(instance.id(), given))
            .orElseGet(() -> !instances.setup(instance.id()).metadataTokensRequired());
    if (!allowed) {
      page(exchange, 401, "Unauthorized");
      return;
    }
    String path = trimmed(exchange.path());
    if (path.isEmpty()) {
      text(exchange, VERSIONS);
      return;
    }
    Matcher versioned = VERSIONED.matcher(path);
    if (!versioned.matches()) {
      page(exchange, 404, "Not Found");
      return;
    }
    String rest = Optional.ofNullable(versioned.group(2)).orElse("");
    byte[] userData = instance.template().userData();
    if (rest.equals("user-data") && userData.length > 0) {
      exchange.send(200, "application/octet-stream", userData);
    } else if (rest.isEmpty()) {
      text(exchange, userData.length > 0 ? "dynamic\nmeta-data\nuser-data" : "dynamic\nmeta-data");
    } else {
      Optional<String> value = tree(instance).at(rest);
      if (value.isPresent()) {
        text(exchange, value.get());
      } else {
        page(exchange, 404, "Not Found");
      }
    }
  }

  private MetadataTree tree(Instances.Instance instance) {
    Map<String, String> groups = new LinkedHashMap<>();
    instance.network().securityGroupIds().forEach(id -> groups.put(id, groupName(id)));
    return new MetadataTree(
        instance,
        new MetadataTree.Facts(
            ground.access().accountId(),
            ground.region(),
            instance.template().keyName().flatMap(keys::publicKey),
            groups,
            lifecycleState.apply(instance.id()),
            instance.template().instanceProfile().flatMap(roles::roleOf),
            () -> roleKeys.of(instance.id())));
  }

  private String groupName(String id) {
    return Optional.ofNullable(ground.clouds().now().groups().get(id))
        .map(dev.esteira.net.vpc.SecurityGroup::name)
        .orElse(id);
  }

  private static String trimmed(String path) {
    return path.replaceAll("//+", "/").replaceAll("/+$", "");
  }

  private static void text(Exchange exchange, String text) throws IOException {
    exchange.send(200, "text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void page(Exchange exchange, int status, String name) throws IOException {
    String title = status + " - " + name;
    String page =
        """
        <?xml version="1.0" encoding="iso-8859-1"?>
        <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
        \t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
        <html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
         <head>
          <title>%s</title>
         </head>
         <body>
          <h1>%s</h1>
         </body>
        </html>
        """
            .formatted(title, title);
    exchange.send(status, "text/html", page.getBytes(StandardCharsets.ISO_8859_1));
  }
}
