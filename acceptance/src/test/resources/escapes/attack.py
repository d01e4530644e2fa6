"""Sends every call of refused.jsonl to the job's Docker API, and says what became of it."""
import http.client, json, os, re, socket, subprocess, threading, time, urllib.parse

NAMES = json.load(open("names.json"))
IMAGE = "python:3"
COMMAND = ["sh", "-c", """for d in /host /m; do
  cat $d/marker $d$MARKER $d/keys/admin-token $d/admin-token $d/secret 2>/dev/null
  echo pwned > $d/marker; echo pwned > $d$MARKER; echo pwned > $d/secret
done 2>/dev/null; cat /secret 2>/dev/null; echo ran"""]


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect("/var/run/docker.sock")


def call(method, path, body="", kind="application/json"):
    connection = Connection("docker")
    try:
        data = body if isinstance(body, bytes) else body.encode()
        connection.putrequest(method, path, skip_host=False)
        connection.putheader("Content-Length", str(len(data)))
        if data:
            connection.putheader("Content-Type", kind)
        connection.endheaders(data)
        answer = connection.getresponse()
        return answer.status, answer.read(1 << 20).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as e:
        return 599, repr(e)
    finally:
        connection.close()


def fill(text, extra):
    for name, value in sorted({**NAMES, **extra}.items(), key=lambda p: -len(p[0])):
        text = text.replace("${" + name + "}", value).replace("$" + name, value)
    return text


def run(body):
    """Makes and starts a container as the body says, and returns what it saw."""
    try:
        # In the raw text, so that doubled keys stay doubled.
        body = body.rstrip()[:-1] + ', "Cmd": ' + json.dumps(COMMAND) \
            + ', "Env": ["MARKER=' + NAMES["MARKER"] + '"]}'
        status, text = call("POST", "/v1.41/containers/create", body)
        if status != 201:
            return status, text
        name = json.loads(text)["Id"]
        started = call("POST", "/v1.41/containers/" + name + "/start")
        call("POST", "/v1.41/containers/" + name + "/wait")
        return started[0] if started[0] >= 400 else 201, started[1] + call(
            "GET", "/v1.41/containers/" + name + "/logs?stdout=1&stderr=1")[1]
    except ValueError as e:
        return 599, repr(e)


def say(kind, why, status, text):
    leaks = re.findall("SECRET-OF-[A-Z]+", text)
    print(kind, json.dumps({"why": why, "status": status, "leaks": leaks, "text": text[:300]}),
          flush=True)


def refused(extra):
    for line in open("refused.jsonl"):
        item = json.loads(line)
        body = fill(item["body"], extra)
        if "path" in item:
            path = fill(item["path"], extra)
            versioned = path if path.startswith(("/v1", "//")) else "/v1.41" + path
            say("REFUSED", item["why"], *call(item["method"], versioned, body))
        else:
            say("REFUSED", item["why"], *run(body))


def builds():
    """Builds that ask for what is the host's or another's."""
    tar = subprocess.run(["tar", "-C", "context", "-c", "."], capture_output=True).stdout
    for why, query in {
        "build on the host's network": "networkmode=host",
        "build in another control group": "cgroupparent=/",
        "build in another's network": "networkmode=container:" + NAMES["THEIRS"],
        "build with a host's name in an entry": "extrahosts=x:$(id)",
        "build from a file of the host": "remote=file:///etc/passwd",
        "build from another's image": "buildargs=" + urllib.parse.quote(
            json.dumps({"BASE": NAMES["TAG"]})),
        "build from another's image by its full name": "buildargs=" + urllib.parse.quote(
            json.dumps({"BASE": NAMES["FULLTAG"]})),
        "build from another's image by its id": "buildargs=" + urllib.parse.quote(
            json.dumps({"BASE": NAMES["THEIRIMAGE"]})),
    }.items():
        status, text = call("POST", "/v1.41/build?nocache=1&" + query, tar, "application/x-tar")
        seen = re.findall("(?:CARDS|GROUP) [^\"\\\\]*", text)
        say("BUILD", why, 400 if '"errorDetail"' in text else status, " ".join(seen) or text)


def links(extra):
    """Symlinks in the workspace that lead out of it, and one that is swapped all the time."""
    workspace = extra["WORKSPACE"]
    targets = {"a": "/", "b": "/etc", "c": NAMES["HOUSE"], "d": os.path.dirname(NAMES["MARKER"]),
               "e": "../" * 30, "f": "/proc/1/root", "g": "/proc/self/cwd"}
    for name, target in targets.items():
        os.symlink(target, name)
        say("CONTAINED", "link to " + target, *run(fill(
            '{"Image": "$IMAGE", "HostConfig": {"Binds": ["$WORKSPACE/' + name + ':/m"]}}', extra)))
    over = threading.Event()
    os.mkdir("plain")

    def swap():
        while not over.is_set():
            for target in ("/", workspace + "/plain"):
                try:
                    os.symlink(target, "swapping")
                    os.rename("swapping", "swap")
                except OSError:
                    pass
    swapper = threading.Thread(target=swap)
    swapper.start()
    for i in range(6):
        say("CONTAINED", "swap %d" % i, *run(fill(
            '{"Image": "$IMAGE", "HostConfig": {"Binds": ["$WORKSPACE/swap:/m"]}}', extra)))
    over.set()
    swapper.join()


def lists():
    """Lists and prunes: whatever they answer, nothing of another's is in it or goes by it."""
    for method, path in [
        ("GET", "/containers/json?all=1"), ("GET", "/images/json?all=1"), ("GET", "/networks"),
        ("GET", "/volumes"), ("GET", "/system/df"), ("GET", "/info"),
        ("GET", "/containers/json?all=1&filters=" + urllib.parse.quote(
            '{"label":["dev.esteira.owner"]}')),
        ("GET", "/containers/json?all=1&filters=" + urllib.parse.quote(
            '{"id":["' + NAMES["THEIRS"] + '"]}')),
        ("GET", "/events?since=1&until=%d" % time.time()),
        ("POST", "/containers/prune"), ("POST", "/networks/prune"), ("POST", "/volumes/prune"),
        ("POST", "/images/prune?filters=" + urllib.parse.quote('{"dangling":["false"]}')),
    ]:
        status, text = call(method, "/v1.41" + path)
        found = [n for n in ("THEIRS", "NAME", "THEIRIMAGE", "NETWORK", "FULLVOLUME", "FULLTAG")
                 if NAMES[n] in text]
        say("SILENT", method + " " + path, status, " ".join(found))


def main():
    subprocess.run(["docker", "pull", "-q", IMAGE], check=True)
    status, text = run('{"Image": "%s"}' % IMAGE)
    assert status == 201 and "ran" in text, text
    subprocess.run(["docker", "network", "create", "mine-net"], check=True)
    mine = subprocess.run(["docker", "run", "-d", "--name", "mine", IMAGE, "sleep", "600"],
                          capture_output=True, text=True, check=True).stdout.strip()
    sandbox = re.findall("[0-9a-f]{64}", open("/proc/self/cgroup").read())
    NAMES["SANDBOX"] = sandbox[0] if sandbox else socket.gethostname()
    extra = {"IMAGE": IMAGE, "MINE": mine, "WORKSPACE": os.environ["CODEBUILD_SRC_DIR"]}
    refused(extra)
    builds()
    links(extra)
    lists()
    print("ATTACK OVER", flush=True)


main()
