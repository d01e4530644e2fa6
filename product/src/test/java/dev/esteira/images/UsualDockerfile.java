package dev.esteira.images;

import java.util.List;
import java.util.stream.Stream;

/**
 * A Dockerfile as people write it on an image.
 *
 * @param image what its FROM names
 * @param rest its other lines
 * @param command what the container runs besides the entrypoint
 * @param says what the container then says, among other things
 */
record UsualDockerfile(String image, String rest, List<String> command, List<String> says) {
  @Override
  public String toString() {
    return image;
  }

  static Stream<UsualDockerfile> all() {
    return Stream.of(node(), python(), java(), goAndSystems(), servers(), stores())
        .flatMap(List::stream);
  }

  private static List<UsualDockerfile> node() {
    return List.of(
        new UsualDockerfile(
            "node:18-alpine",
            """
            RUN apk add --no-cache tini && addgroup -S app && adduser -S -G app app
            WORKDIR /usr/src/app
            COPY --chown=node:node package*.json ./
            RUN npm install --production && yarn --version
            COPY . .
            USER node
            EXPOSE 3000
            CMD ["node", "app.js"]
            """,
            List.of(),
            List.of("v18.", "uid 1000", "true")),
        new UsualDockerfile(
            "node:22",
            "RUN git --version && python3 --version && make --version && g++ --version\n",
            List.of("--version"),
            List.of("v22.")));
  }

  private static List<UsualDockerfile> servers() {
    return List.of(
        new UsualDockerfile(
            "nginx:alpine",
            """
            COPY site.conf /etc/nginx/conf.d/default.conf
            COPY app.js /usr/share/nginx/html/app.js
            RUN nginx -t
            """,
            List.of(
                "sh",
                "-c",
                "nginx; curl -sS localhost:8080/app.js; wget -qO- localhost:8080/index.html"),
            List.of("process.version", "Welcome to nginx!", "GET /app.js")),
        new UsualDockerfile(
            "httpd:2.4",
            "COPY app.js /usr/local/apache2/htdocs/\n",
            List.of(
                "sh",
                "-c",
                "httpd-foreground & curl -sS --retry 20 --retry-all-errors 127.0.0.1/app.js"),
            List.of("process.version")));
  }

  private static List<UsualDockerfile> java() {
    return List.of(
        new UsualDockerfile(
            "maven:3.9-eclipse-temurin-17",
            "RUN mvn --version && git --version && javac --version\n",
            List.of("mvn", "--version"),
            List.of("Java version: 17")),
        new UsualDockerfile(
            "openjdk:8-jdk-alpine",
            """
            RUN apk add --no-cache bash
            COPY Hello.java .
            RUN javac Hello.java
            ENTRYPOINT ["java", "-cp", ".", "Hello"]
            """,
            List.of(),
            List.of("Java 1.8")),
        new UsualDockerfile(
            "eclipse-temurin:21-jre",
            "COPY Hello.java .\nCMD [\"java\", \"Hello.java\"]\n",
            List.of(),
            List.of("Java 21")));
  }

  private static List<UsualDockerfile> python() {
    return List.of(
        new UsualDockerfile(
            "python:3.9-alpine",
            """
            RUN apk add --no-cache gcc musl-dev libffi-dev tiff jpeg zlib libpq libxslt libpng
            RUN pip install --upgrade pip setuptools && pip install flask==2.0.3 werkzeug==2.0.3
            CMD ["python", "-c", "import sys, flask; print(sys.version_info[:2])"]
            """,
            List.of(),
            List.of("(3, 9)")),
        new UsualDockerfile(
            "python:3.12",
            """
            RUN python -m venv /venv && /venv/bin/pip install six && pip install --user six
            FROM python:3.12
            COPY --from=0 /usr/local/lib/python3.12/site-packages \\
              /usr/local/lib/python3.12/site-packages
            RUN gcc --version && git --version && pip --version
            """,
            List.of("python", "-V"),
            List.of("Python 3.11")));
  }

  private static List<UsualDockerfile> goAndSystems() {
    return List.of(
        new UsualDockerfile(
            "golang:1.21-alpine",
            """
            RUN apk add --no-cache git
            WORKDIR /src
            COPY main.go .
            RUN go mod init app && CGO_ENABLED=0 go build -o /app .
            CMD ["/app"]
            """,
            List.of(),
            List.of("go1.21.")),
        new UsualDockerfile(
            "alpine:3.18",
            "RUN apk --no-cache add curl jq && adduser -D -u 4321 app\nUSER app\n",
            List.of("sh", "-c", "id -u; echo '{\"a\": 1}' | jq -c .; busybox uname"),
            List.of("4321", "{\"a\":1}", "Linux")));
  }

  private static List<UsualDockerfile> stores() {
    return List.of(
        new UsualDockerfile(
            "redis:7-alpine",
            "",
            List.of(
                "sh",
                "-c",
                "docker-entrypoint.sh redis-server & for n in $(seq 99); do redis-cli ping &&"
                    + " break; sleep 0.1; done; redis-cli incr n"),
            List.of("PONG\n1")),
        new UsualDockerfile(
            "postgres:13",
            "ENV POSTGRES_PASSWORD=secret POSTGRES_DB=shop\n",
            List.of(
                "bash",
                "-c",
                "docker-entrypoint.sh postgres & for n in $(seq 99); do sleep 0.5;"
                    + " PGPASSWORD=secret psql -h 127.0.0.1 -U postgres -d shop -tc 'select 6*7'"
                    + " && exit; done"),
            List.of("42")));
  }
}
