package dev.esteira.app;

import java.util.List;

/** Where the doors of a home are; the same for the host and for every sandbox. */
record Addresses(String house, String range, Ports ports) {
  /** The names and addresses that stand in every certificate. */
  List<String> names() {
    return List.of("localhost", "127.0.0.1", house);
  }

  String consoleUrl() {
    return "http://" + house + ":" + ports.console();
  }

  String gitUrl() {
    return consoleUrl() + "/git";
  }

  /** The registry's host and port, as images are named by it. */
  String registry() {
    return house + ":" + ports.registry();
  }

  String registryUrl() {
    return "http://" + registry();
  }

  String kubernetesUrl() {
    return "https://" + house + ":" + ports.kubernetes();
  }

  String awsUrl() {
    return "http://" + house + ":" + ports.aws();
  }
}
