package dev.esteira.images;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Commands;
import dev.esteira.base.Home;
import dev.esteira.engine.DockerEngine;
import dev.esteira.engine.EngineHost;
import dev.esteira.engine.ImageName;
import dev.esteira.registry.TestingRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recipes that fewer files ask for, made for real, under Dockerfiles as people write them. */
@Tag("system")
@Tag("slow")
@Timeout(1800)
class RarerStandInsTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String FETCH =
      " & for n in $(seq 99); do curl -sf 127.0.0.1:%d/%s && break; sleep 0.5; done";
  private static Path directory;
  private static EngineHost host;
  private static DockerEngine engine;
  private static TestingRegistry house;
  private static StandInImages images;

  @BeforeAll
  static void start() throws Exception {
    directory = Files.createTempDirectory("esr");
    Home home = new Home(directory.resolve("home"));
    String prefix = "10.124." + Integer.parseInt(home.id().substring(0, 2), 16);
    host =
        new EngineHost(
            home, new EngineHost.Addresses(prefix + ".1/25", prefix + ".128/25", List.of()));
    host.start();
    engine = new DockerEngine(host.socket());
    house = new TestingRegistry(directory.resolve("house"));
    images = new DebianImages(engine, house.registry).standIns();
    Path context = Files.createDirectories(directory.resolve("context"));
    Files.writeString(
        context.resolve("index.php"),
        "<?php echo 'PHP ', PHP_MAJOR_VERSION, extension_loaded('mysqli') ? ' with mysqli' : '';");
    Files.writeString(context.resolve("page.jsp"), "<%= 6 * 7 %> by JSP\n");
    Files.writeString(context.resolve("Gemfile"), "source 'https://rubygems.org'\ngem 'rake'\n");
    Files.writeString(
        context.resolve("app.rb"),
        "require 'bundler/setup'\nrequire 'rake'\nputs \"Ruby #{RUBY_VERSION}, #{Dir.pwd}\"\n");
    Files.writeString(context.resolve("shop.sql"), "create table items (n int);");
    Files.writeString(context.resolve("main.rs"), "fn main() { println!(\"from Rust\"); }\n");
  }

  @AfterAll
  static void stop() {
    engine.close();
    house.close();
    host.stop();
    Commands.check(LIMIT, "", List.of("rm", "-rf", directory.toString()));
  }

  static Stream<UsualDockerfile> all() {
    return Stream.of(servers(), systems(), rubies()).flatMap(s -> s);
  }

  private static Stream<UsualDockerfile> servers() {
    return Stream.of(
        new UsualDockerfile(
            "php:8.0-apache",
            """
            RUN docker-php-ext-install mysqli && docker-php-ext-enable mysqli && a2enmod rewrite
            COPY index.php /var/www/html/
            """,
            List.of(
                "sh", "-c", "docker-php-entrypoint apache2-foreground" + FETCH.formatted(80, "")),
            List.of("PHP 8 with mysqli")),
        new UsualDockerfile(
            "php:7.4-fpm-alpine",
            "RUN docker-php-ext-install pdo pdo_mysql opcache && php-fpm -t\n",
            List.of("php", "-r", "echo PHP_VERSION, extension_loaded('pdo_mysql') ? ' yes' : '';"),
            List.of("7.4", "yes")),
        new UsualDockerfile(
            "tomcat:9.0-jre8-alpine",
            "RUN mkdir webapps/ROOT\nCOPY page.jsp /usr/local/tomcat/webapps/ROOT/\n",
            List.of("sh", "-c", "catalina.sh run" + FETCH.formatted(8080, "page.jsp")),
            List.of("42 by JSP")),
        new UsualDockerfile(
            "mysql:8.0",
            """
            ENV MYSQL_ROOT_PASSWORD=secret MYSQL_DATABASE=shop MYSQL_USER=me MYSQL_PASSWORD=secret2
            COPY shop.sql /docker-entrypoint-initdb.d/
            """,
            List.of(
                "sh",
                "-c",
                "docker-entrypoint.sh --default-authentication-plugin=mysql_native_password &"
                    + " for n in $(seq 99); do sleep 0.5; mysql -h 127.0.0.1 -ume -psecret2 shop"
                    + " -e 'show tables' && break; done"),
            List.of("items")));
  }

  private static Stream<UsualDockerfile> rubies() {
    // A Gemfile of gems that Debian packages, so that no index of gems is asked.
    String app =
        """
        WORKDIR /usr/src/app
        RUN gem env gemdir | grep -x /usr/local/bundle
        COPY Gemfile ./
        RUN bundle install --local
        COPY app.rb .
        CMD ["bundle", "exec", "ruby", "app.rb"]
        """;
    return Stream.of(
        new UsualDockerfile(
            "ruby:2.7-alpine",
            "RUN apk add --no-cache build-base tzdata nodejs\n" + app,
            List.of(),
            List.of("Ruby 2.7", "/usr/src/app")),
        new UsualDockerfile("ruby:3.1.2", app, List.of(), List.of("Ruby 3.1")),
        new UsualDockerfile(
            "ruby:3.3-slim",
            "RUN apt-get update -qq && apt-get install -y build-essential libpq-dev\n" + app,
            List.of(),
            List.of("Ruby 3.3")),
        new UsualDockerfile(
            "nginxinc/nginx-unprivileged:1.25-alpine",
            "COPY app.rb /usr/share/nginx/html/index.html\n",
            List.of("sh", "-c", "nginx; id -u" + FETCH.formatted(8080, "")),
            List.of("101", "bundler/setup")),
        new UsualDockerfile(
            "memcached:1.6-alpine",
            "",
            List.of(
                "sh",
                "-c",
                "docker-entrypoint.sh -m 64 & for n in $(seq 99); do"
                    + " echo version | busybox nc -w 1 127.0.0.1 11211 && break; sleep 0.5; done"),
            List.of("VERSION 1.6")));
  }

  private static Stream<UsualDockerfile> systems() {
    return Stream.of(
        new UsualDockerfile(
            "python:3.13-slim",
            "RUN pip install --upgrade packaging setuptools wheel six\n",
            List.of("python", "-c", "import six, sys; print('Python', sys.version_info[:2])"),
            List.of("Python (3, 13)")),
        new UsualDockerfile(
            "amazonlinux:2",
            """
            RUN yum update -y && yum install -y httpd gcc-c++ openssl-devel shadow-utils && \\
              yum clean all && [[ -e /usr/sbin/httpd ]]
            RUN echo hello > /var/www/html/index.html
            """,
            List.of("sh", "-c", "/usr/sbin/httpd -D FOREGROUND" + FETCH.formatted(80, "")),
            List.of("hello")),
        new UsualDockerfile(
            "alpine:3.11.5",
            """
            RUN apk add --no-cache --virtual .build gcc musl-dev zlib-dev mysql-client tini && \\
              pkg-config --exists zlib && if [[ ! -e /none ]]; then apk del .build; fi
            RUN apk add python3 && python3 -m ensurepip && pip3 install --upgrade pip
            ENTRYPOINT ["/sbin/tini", "--"]
            """,
            List.of("mysql", "--version"),
            List.of("MariaDB")),
        new UsualDockerfile(
            "rust:1.70",
            """
            COPY main.rs .
            RUN rustc main.rs && cargo --version
            FROM gcr.io/distroless/cc-debian12:nonroot
            COPY --from=0 /main /main
            ENTRYPOINT ["/main"]
            """,
            List.of(),
            List.of("from Rust")));
  }

  @ParameterizedTest
  @MethodSource("all")
  void theUsualDockerfileBuildsAndRuns(UsualDockerfile usual) throws IOException {
    // Given the stand-ins under the names of the images
    String dockerfile = "FROM " + usual.image() + "\n" + usual.rest();
    for (String line : dockerfile.lines().filter(l -> l.startsWith("FROM ")).toList()) {
      ImageName name = ImageName.parse(line.substring("FROM ".length()));
      String id = images.ensure(images.of(name).orElseThrow(), System.out::println);
      engine.tagImage(id, name.familiarRepository(), name.reference());
    }
    // When the Dockerfile is built and run
    Path context = directory.resolve("context");
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    docker("build", "--network", "host", "-t", "app", context.toString());
    List<String> run = new ArrayList<>(List.of("run", "--rm", "--network", "none", "app"));
    run.addAll(usual.command());
    String output = docker(run.toArray(String[]::new));
    // Then it is what it would be on the real image
    usual.says().forEach(line -> assertTrue(output.contains(line), output));
  }

  private static String docker(String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "DOCKER_BUILDKIT=0", "DOCKER_HOST=unix://" + host.socket()));
    command.add("/usr/bin/docker");
    command.addAll(List.of(arguments));
    return Commands.check(LIMIT, "", command);
  }
}
