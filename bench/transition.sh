#!/usr/bin/env bash
# A durable transition of a machine (event, new state and commands in the ledger, synced): the middle
# time of one alone, and how many a second 64 writers make; beside puts into etcd, which syncs too.
# etcd is asked over its HTTP door, the ledger within its process: part of the difference is that.
. "$(dirname "$0")/lib.sh"
need etcd:etcd-server wrk:wrk curl:curl
"$root/esteira" --version > /dev/null
for java in "${JAVA_HOME:-/none}" /usr/lib/jvm/*25* /opt/*jdk*25*; do
  if [ -x "$java/bin/javac" ]; then break; fi
done
jar=$root/product/target/esteira-running.jar
"$java/bin/javac" -nowarn -cp "$jar" -d "$scratch/classes" "$root/product/src/test/java/dev/esteira/store/LedgerBench.java"

etcd --data-dir "$scratch/etcd" --listen-client-urls http://127.0.0.1:15379 --log-level error \
  --advertise-client-urls http://127.0.0.1:15379 --listen-peer-urls http://127.0.0.1:15380 \
  --initial-advertise-peer-urls http://127.0.0.1:15380 --initial-cluster default=http://127.0.0.1:15380 \
  > "$scratch/etcd.log" 2>&1 & rival=$!
at_end "kill $rival"
cat > "$scratch/put.lua" <<'L'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"key":"azE=","value":"' .. string.rep("QUFB", 40) .. '"}'
L
curl -sf --noproxy '*' -o /dev/null --retry 40 --retry-connrefused --retry-delay 1 http://127.0.0.1:15379/health
theirs() { # CONNECTIONS
  wrk -t 1 -c "$1" -d 4s --latency -s "$scratch/put.lua" http://127.0.0.1:15379/v3/kv/put > "$scratch/wrk"
  ! grep -E 'Non-2xx|Socket errors' "$scratch/wrk" >&2
}
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$scratch/ledger"; }
for ((r = 0; r < rounds; r++)); do
  "$java/bin/java" --enable-native-access=ALL-UNNAMED -cp "$scratch/classes:$jar" dev.esteira.store.LedgerBench \
    "$scratch/ledger-$r.db" 20000 64 > "$scratch/ledger" 2> "$scratch/ledger.err"
  number aloneMicrosP50 | awk '{ print $1 / 1000 }' >> "$scratch/ta"
  number transitionsPerSecond >> "$scratch/ra"
  theirs 1
  awk '$1 == "50%" { print $2 ~ /us/ ? $2 / 1000 : $2 + 0 }' "$scratch/wrk" >> "$scratch/tb"
  theirs 64
  sed -n 's/^Requests\/sec: *//p' "$scratch/wrk" >> "$scratch/rb"
done
report "durable transition, one alone" ms "$scratch/ta" "$scratch/tb" etcd
report "durable transitions, 64 writers" "a second" "$scratch/ra" "$scratch/rb" etcd
load
