package dev.esteira.edge.elb;

import java.util.Map;
import java.util.TreeMap;

/** Attributes and what they are unless somebody sets them, by the names of the API. */
public final class Attributes {
  /** Of target groups; these act. */
  public static final Map<String, String> TARGET_GROUP =
      sorted(
          "deregistration_delay.timeout_seconds", "300",
          "stickiness.enabled", "false",
          "stickiness.type", "lb_cookie",
          "stickiness.lb_cookie.duration_seconds", "86400",
          "load_balancing.algorithm.type", "round_robin",
          "proxy_protocol_v2.enabled", "false");

  /** Of target groups; only these values are possible. */
  public static final Map<String, String> TARGET_GROUP_FIXED =
      sorted(
          "slow_start.duration_seconds", "0",
          "load_balancing.cross_zone.enabled", "use_load_balancer_configuration",
          "target_group_health.dns_failover.minimum_healthy_targets.count", "1",
          "target_group_health.dns_failover.minimum_healthy_targets.percentage", "off",
          "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1",
          "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off",
          "load_balancing.algorithm.anomaly_mitigation", "off");

  /**
   * Of load balancers; these act, except that the name of the host is passed on as it came either
   * way.
   */
  public static final Map<String, String> LOAD_BALANCER =
      sorted(
          "deletion_protection.enabled", "false",
          "routing.http.preserve_host_header.enabled", "false");

  /** Of load balancers; only these values are possible. */
  public static final Map<String, String> LOAD_BALANCER_FIXED =
      sorted(
          "access_logs.s3.enabled", "false",
          "access_logs.s3.bucket", "",
          "access_logs.s3.prefix", "",
          "idle_timeout.timeout_seconds", "60",
          "routing.http2.enabled", "true",
          "routing.http.drop_invalid_header_fields.enabled", "false",
          "routing.http.xff_client_port.enabled", "false",
          "client_keep_alive.seconds", "3600",
          "connection_logs.s3.enabled", "false",
          "connection_logs.s3.bucket", "",
          "connection_logs.s3.prefix", "",
          "zonal_shift.config.enabled", "false",
          "routing.http.xff_header_processing.mode", "append",
          "routing.http.desync_mitigation_mode", "defensive",
          "routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false",
          "waf.fail_open.enabled", "false",
          "load_balancing.cross_zone.enabled", "true");

  private Attributes() {}

  private static Map<String, String> sorted(String... pairs) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return java.util.Collections.unmodifiableMap(map);
  }
}
