#!/usr/bin/env bash
# A rolling update of two replicas under load: how long, and how many requests failed; then the kill
# of a replica. Load goes to the service's 127.77 address, bounded in time.
. "$(dirname "$0")/lib.sh"
need wrk:wrk
house
hub=123456789012.dkr.ecr.us-east-1.amazonaws.com
aws ecr get-login-password | docker login --username AWS --password-stdin $hub > /dev/null 2>&1
mkdir "$scratch/context"
cat > "$scratch/context/server.py" <<'P'
import http.server, os, signal, socketserver, threading
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = os.environ.get("VERSION", "0").encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *a): pass
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256
server = Server(("", 8000), Handler)
signal.signal(signal.SIGTERM, lambda *a: threading.Thread(target=server.shutdown).start())
server.serve_forever()
P
printf 'FROM python:3\nCOPY server.py /server.py\nCMD ["python3", "/server.py"]\n' > "$scratch/context/Dockerfile"
docker build -q -t $hub/bench-rolling:1 "$scratch/context" > /dev/null
docker push -q $hub/bench-rolling:1 > /dev/null
kubectl apply -f - > /dev/null <<Y
apiVersion: apps/v1
kind: Deployment
metadata: { name: bench-rolling }
spec:
  replicas: 2
  selector: { matchLabels: { app: bench-rolling } }
  template:
    metadata: { labels: { app: bench-rolling } }
    spec:
      containers:
      - name: main
        image: $hub/bench-rolling:1
        ports: [{ containerPort: 8000 }]
        readinessProbe: { httpGet: { path: /, port: 8000 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: bench-rolling }
spec:
  type: LoadBalancer
  selector: { app: bench-rolling }
  ports: [{ port: 80, targetPort: 8000 }]
Y
at_end "kubectl delete deployment,service bench-rolling"
kubectl rollout status deployment/bench-rolling --timeout=60s > /dev/null
address=$(kubectl get service bench-rolling -o jsonpath='{.status.loadBalancer.ingress[0].ip}' | sed 's/^10\./127./')
curl -s --noproxy '*' --retry 20 --retry-connrefused --retry-delay 1 "http://$address/" > /dev/null

# A replica is gone from the list and two others are ready.
replaced() {
  local names
  while :; do
    names=$(kubectl get pods -l app=bench-rolling \
      -o jsonpath='{range .items[?(@.status.containerStatuses[0].ready==true)]}{.metadata.name}{"\n"}{end}')
    [ "$(grep -vc "^$1\$" <<< "$names")" -ge 2 ] && return 0
  done
}
result() {
  grep 'requests in' "$1"
  if grep -E 'Socket errors|Non-2xx' "$1"; then return; fi
  echo "  failed requests: 0"
}

wrk -t 1 -c 8 -d "$((rounds * 3 + 6))s" "http://$address/" > "$scratch/wrk" & load=$!
sleep 2
for ((r = 0; r < rounds; r++)); do
  kubectl set env deployment/bench-rolling VERSION=$r > /dev/null
  timed "$scratch/a" kubectl rollout status deployment/bench-rolling --timeout=60s
done
wait $load
echo "rolling update of 2 replicas under load: median $(median "$scratch/a") ms ($rounds updates; beside: Docker Swarm 3,900 ms)"
result "$scratch/wrk"

wrk -t 1 -c 8 -d "$((rounds * 2 + 6))s" "http://$address/" > "$scratch/wrk" & load=$!
sleep 2
for ((r = 0; r < rounds; r++)); do
  pod=$(kubectl get pods -l app=bench-rolling -o jsonpath='{.items[0].metadata.name}')
  kubectl delete pod "$pod" --force --grace-period=0 --wait=false > /dev/null 2>&1
  timed "$scratch/k" replaced "$pod"
done
wait $load
echo "a replica deleted by force, until 2 others are ready: median $(median "$scratch/k") ms (beside: Docker Swarm 5,300 ms)"
result "$scratch/wrk"
