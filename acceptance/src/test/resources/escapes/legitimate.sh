# What people do with docker in a build: everything passes.
HUB=123456789012.dkr.ecr.us-east-1.amazonaws.com
ok() {
  local why=$1; shift
  if out=$("$@" 2>&1); then echo "PASSED $why"; else echo "STOPPED $why: $out"; fi
}
sh_ok() { local why=$1; shift; ok "$why" bash -ec "$1"; }
ok "version" docker version
ok "info" docker info
sh_ok "login" "aws ecr get-login-password | docker login --username AWS --password-stdin $HUB"
ok "pull" docker pull $HUB/python:3
ok "build with arguments" docker build context -t mine:1 --build-arg BASE=$HUB/python:3 --label a=b
ok "build with an added host" docker build context --build-arg BASE=python:3 --add-host x:10.1.2.3
ok "build of a target without network" docker build context --build-arg BASE=python:3 --target first --network none
ok "tag" docker tag mine:1 $HUB/escapes/mine:1
ok "images" docker images
ok "history" docker history mine:1
ok "push" docker push $HUB/escapes/mine:1
sh_ok "run" "docker run --rm mine:1 cat /made | grep made"
ok "run with limits" docker run --rm --memory 256m --cpus 1 --pids-limit 100 --ulimit nofile=1024 mine:1 true
ok "run with rights taken" docker run --rm --cap-drop ALL --security-opt no-new-privileges --read-only --tmpfs /tmp mine:1 true
ok "run with a name server and hosts" docker run --rm --add-host db:10.1.2.3 --dns-search example mine:1 grep db /etc/hosts
sh_ok "bind of the workspace" 'docker run --rm -v "$PWD:/w" mine:1 sh -c "echo bound > /w/bound" && grep bound bound'
sh_ok "bind of a read-only part" '! docker run --rm -v "$PWD/context:/w:ro" mine:1 sh -c "echo x > /w/x"'
sh_ok "the docker socket handed on" 'docker run --rm -v /var/run/docker.sock:/var/run/docker.sock mine:1 test -S /var/run/docker.sock'
sh_ok "named volumes" 'docker volume create v1 && docker run --rm -v v1:/d mine:1 sh -c "echo kept > /d/f" && docker run --rm -v v1:/d mine:1 grep kept /d/f && docker volume rm v1'
sh_ok "own networks" 'docker network create n1 && docker run -d --name web --network n1 mine:1 python3 -m http.server 80 && docker run --rm --network n1 mine:1 python3 -c "
import time, urllib.request
for i in range(50):
    try: print(urllib.request.urlopen(\"http://web/\", timeout=2).status); break
    except OSError: time.sleep(0.1)
else: raise SystemExit(1)"'
ok "ps" docker ps -a
ok "inspect" docker inspect web
ok "logs" docker logs web
ok "top" docker top web
ok "stats" docker stats --no-stream web
ok "exec" docker exec web true
sh_ok "copies in and out" 'echo in > f && docker cp f web:/f && docker cp web:/f g && grep in g'
ok "diff" docker diff web
ok "commit" docker commit web mine:2
sh_ok "export" 'docker export web | tar -t > /dev/null'
sh_ok "pause" 'docker pause web && docker unpause web'
ok "update" docker update --cpus 1 web
ok "rename" docker rename web web2
ok "restart" docker restart -t 0 web2
sh_ok "network of an own container" 'docker run --rm --network container:web2 mine:1 true'
sh_ok "stop and wait" 'docker stop -t 0 web2 && docker wait web2'
sh_ok "save and load" 'docker save mine:1 -o saved.tar && docker rmi -f mine:1 && docker load -i saved.tar && rm saved.tar'
ok "remove" docker rm -f web2
ok "remove a network" docker network rm n1
ok "disk use" docker system df
