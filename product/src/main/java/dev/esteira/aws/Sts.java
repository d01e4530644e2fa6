package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Ids;
import dev.esteira.base.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

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
    String role = call.text("RoleArn");
    String session = call.text("RoleSessionName");
    String name = role.substring(role.lastIndexOf('/') + 1);
    ObjectNode answer = Json.object();
    answer.set("Credentials", credentials(call));
    ObjectNode user = answer.putObject("AssumedRoleUser");
    user.put("AssumedRoleId", "AROA" + name + ":" + session);
    user.put("Arn", "arn:aws:sts::" + access.accountId() + ":assumed-role/" + name + "/" + session);
    return answer;
  }

  private ObjectNode sessionToken(Call call) {
    ObjectNode answer = Json.object();
    answer.set("Credentials", credentials(call));
    return answer;
  }

  private ObjectNode credentials(Call call) {
    int seconds = Math.clamp(call.number("DurationSeconds", SECONDS_DEFAULT), 900, SECONDS_MAX);
    Access.AwsKey key = access.issueKey(call.caller().principal(), Duration.ofSeconds(seconds));
    ObjectNode credentials = Json.object();
    credentials.put("AccessKeyId", key.accessKeyId());
    credentials.put("SecretAccessKey", key.secretAccessKey());
    credentials.put("SessionToken", "session-" + Ids.random(40));
    return credentials.put("Expiration", clock.instant().plusSeconds(seconds).toString());
  }
}
