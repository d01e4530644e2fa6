package dev.esteira.cluster.control;

/** Manifests of a small web server. */
final class TestingManifests {
  private static final String SERVER =
      """
      use IO::Socket::INET; $| = 1; $SIG{TERM} = sub { exit 0 };
      my $s = IO::Socket::INET->new(LocalPort => 8000, Listen => 64, ReuseAddr => 1) or die;
      print "listening\\n";
      while (my $c = $s->accept) {
        $c->autoflush(1); my $l = <$c>; while (<$c>) { last if /^\\r?$/ }
        print $c "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\nv$ENV{VERSION} $ENV{NAME}\\n";
        close $c;
      }
      """;

  private TestingManifests() {}

  static String deployment(String name, String image, int replicas, String probe) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: %1$s}
    spec:
      replicas: %3$d
      selector: {matchLabels: {app: %1$s}}
      template:
        metadata: {labels: {app: %1$s}}
        spec:
          terminationGracePeriodSeconds: 4
          containers:
          - name: web
            image: %2$s
            command: [perl, -e, '%5$s']
            env:
            - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            ports: [{containerPort: 8000, name: http}]
    %4$s
    """
        .formatted(name, image, replicas, probe, SERVER.replace("\n", " ").replace("'", "''"));
  }

  static String service(String name, String type) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %1$s}
    spec:
      type: %2$s
      selector: {app: %1$s}
      ports: [{port: 80, targetPort: http}]
    """
        .formatted(name, type);
  }
}
