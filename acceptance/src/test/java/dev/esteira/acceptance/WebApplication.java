package dev.esteira.acceptance;

import java.time.Duration;

/**
 * A small application of two replicas behind a load balancer, made by kubectl alone: it answers
 * every GET with the value of its variable VERSION.
 */
final class WebApplication {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String IMAGE = Delivery.HUB + "/python:3";

  private final Shell shell;
  private final String name;

  WebApplication(Shell shell, String name) {
    this.shell = shell;
    this.name = name;
  }

  /** Applies it, and waits until it is rolled out and has an address; that address. */
  String start(String version) {
    shell
        .bash(
            LIMIT,
            "cat > "
                + name
                + ".yml <<'END'\n"
                + manifest(version)
                + "END\nkubectl apply -f "
                + name
                + ".yml")
        .orFail();
    awaitRollout();
    return shell
        .bash(
            LIMIT,
            """
            for i in $(seq 200); do
              a=$(kubectl get service %s -o jsonpath='{.status.loadBalancer.ingress[0].ip}')
              [ -n "$a" ] && curl -sf -m 5 --noproxy '*' -o /dev/null http://$a/ && break
              sleep 0.2
            done
            [ -n "$a" ] && echo "$a"
            """
                .formatted(name))
        .orFail()
        .strip();
  }

  void roll(String version) {
    shell.bash(LIMIT, "kubectl set env deployment/" + name + " VERSION=" + version).orFail();
  }

  /** Waits for the rollout; asks again when the house is away for a moment. */
  void awaitRollout() {
    shell
        .bash(
            LIMIT,
            """
            for i in $(seq 20); do
              kubectl rollout status deployment/%s --timeout=60s && exit 0
              sleep 0.5
            done
            kubectl get deployments,pods,events; exit 1
            """
                .formatted(name))
        .orFail();
  }

  /** The names of its running pods. */
  String[] pods() {
    return shell
        .bash(LIMIT, "kubectl get pods -l app=" + name + " -o name | sed 's,^pod/,,'")
        .orFail()
        .split("\\s+");
  }

  /** The ids of its containers, to tell new ones from old ones. */
  String containers() {
    String path = "{.items[*].status.containerStatuses[0].containerID}";
    return shell
        .bash(LIMIT, "kubectl get pods -l app=" + name + " -o jsonpath='" + path + "'")
        .orFail();
  }

  /** Waits until two replicas are ready that are not those of before. */
  void awaitOthers(String before) {
    shell
        .bash(
            LIMIT,
            """
            for i in $(seq 300); do
              c=$(kubectl get pods -l app=%1$s \
                -o jsonpath='{.items[*].status.containerStatuses[0].containerID}')
              n=$(kubectl get pods -l app=%1$s | grep -c '1/1 *Running')
              r=$(kubectl get deployment %1$s -o jsonpath='{.status.readyReplicas}')
              [ "$c" != '%2$s' ] && [ "$n" = 2 ] && [ "$r" = 2 ] && exit 0
              sleep 0.1
            done
            kubectl get pods,events; exit 1
            """
                .formatted(name, before))
        .orFail();
  }

  void delete() {
    shell.bash(LIMIT, "kubectl delete deployment,service " + name + " --wait=false");
  }

  private String manifest(String version) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: NAME}
    spec:
      replicas: 2
      selector: {matchLabels: {app: NAME}}
      template:
        metadata: {labels: {app: NAME}}
        spec:
          terminationGracePeriodSeconds: 10
          containers:
          - name: main
            image: IMAGE
            env:
            - {name: VERSION, value: "FIRST"}
            command: [python3, -u, -c]
            args:
            - |
              import http.server, os, signal
              class Handler(http.server.BaseHTTPRequestHandler):
                  protocol_version = "HTTP/1.1"
                  wbufsize = -1  # an answer leaves as a whole, or not at all
                  def do_GET(self):
                      body = os.environ["VERSION"].encode()
                      self.send_response(200)
                      self.send_header("Content-Length", str(len(body)))
                      self.end_headers()
                      self.wfile.write(body)
                  def log_message(self, *args):
                      pass
              signal.signal(signal.SIGTERM, lambda *args: os._exit(0))
              http.server.ThreadingHTTPServer(("", 8000), Handler).serve_forever()
            ports: [{containerPort: 8000}]
            readinessProbe:
              httpGet: {path: /, port: 8000}
              periodSeconds: 1
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: NAME}
    spec:
      type: LoadBalancer
      selector: {app: NAME}
      ports: [{port: 80, targetPort: 8000}]
    """
        .replace("NAME", name)
        .replace("IMAGE", IMAGE)
        .replace("FIRST", version);
  }
}
