package dev.esteira.fleet.group;

import dev.esteira.base.Json;

/** Texts in the words of the Auto Scaling API. */
final class Terms {
  static final String STRAY = "Server.StrayInstance: no group knows this instance";
  static final String TERMINATED_BY_GROUP =
      "Client.UserInitiatedShutdown: terminated by its Auto Scaling group";
  static final String GROUP_FAILED_LAUNCH =
      "Client.UserInitiatedShutdown: its Auto Scaling group gave up its launch";

  private Terms() {}

  static String ec2Cause(boolean alive) {
    return "an instance was taken out of service in response to an EC2 "
        + (alive
            ? "instance status checks failure."
            : "health check indicating it has been terminated or stopped.");
  }

  static final String ELB_CAUSE =
      "an instance was taken out of service in response to an ELB system health check failure.";
  static final String USER_HEALTH_CAUSE =
      "an instance was taken out of service in response to a user health-check.";
  static final String LIFETIME_CAUSE =
      "an instance was taken out of service in response to exceeding its maximum lifetime.";
  static final String REFRESH_CAUSE =
      "an instance was taken out of service in response to an instance refresh.";
  static final String REBALANCE_CAUSE =
      "an instance was taken out of service to rebalance the group over its zones.";

  /** Where a member is, as activities tell it. */
  static String details(Member.Made made) {
    var details = Json.object();
    if (made.place().startsWith("subnet-")) {
      details.put("Subnet ID", made.place());
    }
    details.put("Availability Zone", made.zone());
    return Json.write(details);
  }
}
