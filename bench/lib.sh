# Shared by the benches: a house of their own, pairs of timings, medians and ratios.
# Each bench prints both sides and the ratio; rounds are interleaved (A-B-A-B).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
export ESTEIRA_HOME=${ESTEIRA_BENCH_HOME:-$root/target/bench-home}
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@localhost GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@localhost
export GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0
rounds=${ROUNDS:-5}
scratch=$(mktemp -d)
cleanup=()

at_end() { cleanup+=("$1"); }
finish() {
  local i
  for ((i = ${#cleanup[@]} - 1; i >= 0; i--)); do eval "${cleanup[$i]}" > /dev/null 2>&1 || true; done
  rm -rf "$scratch"
}
trap finish EXIT

need() { # PROGRAM:PACKAGE ...
  local pair missing=""
  for pair in "$@"; do command -v "${pair%%:*}" > /dev/null || missing="$missing ${pair##*:}"; done
  [ -z "$missing" ] || { echo "this bench needs:$missing (apt-get install --no-install-recommends$missing)" >&2; exit 6; }
}

house() { "$root/esteira" up >&2; eval "$("$root/esteira" env)"; }

now() { date +%s%N; }

# Runs a command and appends its milliseconds to a file: timed FILE COMMAND...
timed() {
  local file=$1 start end
  shift
  start=$(now)
  "$@" > "$scratch/out" 2>&1 || { cat "$scratch/out" >&2; return 1; }
  end=$(now)
  awk "BEGIN { printf \"%.1f\n\", ($end - $start) / 1e6 }" >> "$file"
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# A line of the table that all.sh prints: row NAME OURS BESIDE RATIO
row() { if [ -n "${BENCH_TABLE-}" ]; then printf '| %s | %s | %s | %s |\n' "$@" >> "$BENCH_TABLE"; fi; }

# Both sides and the ratio, round by round: report NAME UNIT OURS THEIRS RIVAL
report() {
  local ratios=$scratch/ratios ratio least most
  paste "$3" "$4" | awk '{ print $1 / $2 }' > "$ratios"
  ratio=$(printf '%.3f' "$(median "$ratios")")
  least=$(printf '%.3f' "$(sort -n "$ratios" | head -n 1)")
  most=$(printf '%.3f' "$(sort -n "$ratios" | tail -n 1)")
  printf '%s: esteira %s %s, %s %s %s, ratio %s (min %s, max %s, %d rounds)\n' "$1" "$(median "$3")" "$2" \
    "$5" "$(median "$4")" "$2" "$ratio" "$least" "$most" "$(wc -l < "$ratios")"
  row "$1" "$(median "$3") $2" "$5 $(median "$4") $2" "$ratio ($least-$most)"
}

# Without a rival in the same run: alone NAME UNIT OURS NOTE
alone() {
  printf '%s: %s %s (%s)\n' "$1" "$(median "$3")" "$2" "$4"
  row "$1" "$(median "$3") $2" "$4" ""
}

load() { echo "load of the machine: $(cut -d ' ' -f 1-3 /proc/loadavg)"; }

hub=123456789012.dkr.ecr.us-east-1.amazonaws.com
login() { aws ecr get-login-password | docker login --username AWS --password-stdin $hub > /dev/null 2>&1; }

# An application of two replicas behind a load balancer: application NAME. It answers with 32 digits
# that each start of it draws anew; $address is where it answers on this host.
application() {
  login
  mkdir "$scratch/context"
  cat > "$scratch/context/server.py" <<'P'
import http.server, os, signal
boot = os.urandom(16).hex().encode()
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves as a whole, or not at all
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "32"); self.end_headers(); self.wfile.write(boot)
    def log_message(self, *a): pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256
signal.signal(signal.SIGTERM, lambda *a: os._exit(0))
Server(("", int(os.environ.get("PORT", "8000"))), Handler).serve_forever()
P
  printf 'FROM python:3\nCOPY server.py /server.py\nCMD ["python3", "-S", "/server.py"]\n' > "$scratch/context/Dockerfile"
  docker build -q -t "$hub/$1:1" "$scratch/context" > /dev/null
  docker push -q "$hub/$1:1" > /dev/null
  kubectl apply -f - > /dev/null <<Y
apiVersion: apps/v1
kind: Deployment
metadata: { name: $1 }
spec:
  replicas: 2
  selector: { matchLabels: { app: $1 } }
  template:
    metadata: { labels: { app: $1 } }
    spec:
      containers:
      - name: main
        image: $hub/$1:1
        ports: [{ containerPort: 8000 }]
        readinessProbe: { httpGet: { path: /, port: 8000 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: $1 }
spec:
  type: LoadBalancer
  selector: { app: $1 }
  ports: [{ port: 80, targetPort: 8000 }]
Y
  at_end "kubectl delete deployment,service $1"
  kubectl rollout status "deployment/$1" --timeout=60s > /dev/null
  local i
  for i in $(seq 100); do
    address=$(kubectl get service "$1" -o jsonpath='{.status.loadBalancer.ingress[0].ip}' | sed 's/^10\./127./')
    if [ -n "$address" ] && curl -sf -m 2 --noproxy '*' -o /dev/null "http://$address/"; then return; fi
    sleep 0.1
  done
  return 1
}
