package dev.esteira.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The Security Token Service: who am I, and keys for a while. */
final class Sts {
  private static final int SECONDS_DEFAULT = 3_600;
  private static final int SECONDS_MAX = 36 * 3_600;

  private final Access access;
  private final InstantSource clock;

  private Sts(Access access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
  }

  static Service service(Access access, InstantSource clock) {
    Sts sts = new Sts(access, clock);
    return new Service(
        Model.load("sts"),
        Map.of(
            "GetCallerIdentity", sts::identity,
            "AssumeRole", sts::assumeRole,
            "AssumeRoleWithWebIdentity", sts::withWebIdentity,
            "GetSessionToken", sts::sessionToken));
  }

  private ObjectNode identity(Call call) {
    ObjectNode answer = Json.object();
    answer.put("UserId", call.caller().accessKeyId());
    answer.put("Account", access.accountId());
    return answer.put("Arn", Arns.principal(access.accountId(), call.caller().principal()));
  }

  /** There are no roles of other rights here: the role's keys stand for the caller itself. */
  private ObjectNode assumeRole(Call call) {
    ObjectNode answer = Json.object();
    answer.set("Credentials", credentials(call, call.caller().principal()));
    answer.set("AssumedRoleUser", user(call));
    return answer;
  }

  /** Nobody has signed this: the token says which job asks, and its keys end with the job. */
  private ObjectNode withWebIdentity(Call call) {
    JsonNode said =
        access
            .idTokens()
            .verified(call.text("WebIdentityToken"))
            .orElseThrow(() ->
                new AwsException(
                    "InvalidIdentityToken", 400, "The ID Token provided is not of this house"));
    if (said.path("exp").asLong() < clock.instant().getEpochSecond()) {
      throw new AwsException("ExpiredTokenException", 400, "Token expired");
    }
    String id = said.path("jti").asText();
    Access.Principal job =
        new Access.Principal(
            "job/" + id.substring(0, Math.max(0, id.lastIndexOf('.'))),
            Optional.of(said.path("project_path").asText()));
    ObjectNode answer = Json.object();
    answer.set("Credentials", credentials(call, job));
    answer.set("AssumedRoleUser", user(call));
    answer.put("SubjectFromWebIdentityToken", said.path("sub").asText());
    answer.put("Provider", said.path("iss").asText());
    return answer.put("Audience", said.path("aud").asText());
  }

  private ObjectNode user(Call call) {
    String role = call.text("RoleArn");
    String session = call.text("RoleSessionName");
    String name = role.substring(role.lastIndexOf('/') + 1);
    ObjectNode user = Json.object();
    user.put("AssumedRoleId", "AROA" + name + ":" + session);
    return user.put(
        "Arn", "arn:aws:sts::" + access.accountId() + ":assumed-role/" + name + "/" + session);
  }

  private ObjectNode sessionToken(Call call) {
    ObjectNode answer = Json.object();
    answer.set("Credentials", credentials(call, call.caller().principal()));
    return answer;
  }

  private ObjectNode credentials(Call call, Access.Principal principal) {
    int seconds = Math.clamp(call.number("DurationSeconds", SECONDS_DEFAULT), 900, SECONDS_MAX);
    Access.AwsKey key = access.issueKey(principal, Duration.ofSeconds(seconds));
    ObjectNode credentials = Json.object();
    credentials.put("AccessKeyId", key.accessKeyId());
    credentials.put("SecretAccessKey", key.secretAccessKey());
    credentials.put("SessionToken", "est-" + Ids.random(40));
    return credentials.put("Expiration", clock.instant().plusSeconds(seconds).toString());
  }
}
