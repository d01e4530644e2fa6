package dev.esteira.images;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.esteira.base.Commands;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wrapper in front of a fake {@code aws} that prints its arguments, one a line. */
class AwsWrapperTest {
  @TempDir Path directory;
  private Path wrapper;

  @BeforeEach
  void makeWrapper() throws IOException {
    Path real = directory.resolve("real");
    Files.writeString(
        real,
        """
        #!/bin/sh
        case "$*" in
          *get-authorization-token*)
            echo "$@" > %s/asked
            printf 'QVdTOnMzY3JldA==\\thttps://1.dkr.ecr.eu-west-1.amazonaws.com\\n'
            case "$*" in *" 2 "*) printf 'QVdTOm90aGVy\\thttps://2.dkr.example\\n' ;; esac ;;
          *) printf '%%s\\n' "$@"; exit 7 ;;
        esac
        """
            .formatted(directory));
    real.toFile().setExecutable(true);
    try (InputStream in = RecipeFiles.class.getResourceAsStream("aws.sh")) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      String text = new String(bytes, StandardCharsets.UTF_8);
      wrapper = directory.resolve("aws");
      Files.writeString(wrapper, text.replace("/usr/bin/aws", real.toString()));
    }
  }

  @Test
  void theOldLoginBecomesARunnableLine() throws IOException {
    assertEquals(
        "docker login -u AWS -p s3cret https://1.dkr.ecr.eu-west-1.amazonaws.com\n",
        aws("ecr", "get-login", "--no-include-email", "--region", "eu-west-1").output());
    assertEquals(
        "ecr get-authorization-token --region eu-west-1 --output text --query"
            + " authorizationData[].[authorizationToken,proxyEndpoint]\n",
        Files.readString(directory.resolve("asked")));
    assertEquals(
        "docker login -u AWS -p s3cret -e none https://1.dkr.ecr.eu-west-1.amazonaws.com\n",
        aws("--endpoint-url", "http://x y", "ecr", "get-login", "--include-email").output());
    assertEquals(
        """
        docker login -u AWS -p s3cret https://1.dkr.ecr.eu-west-1.amazonaws.com
        docker login -u AWS -p other https://2.dkr.example
        """,
        aws("ecr", "get-login", "--registry-ids", "1", "2", "--no-include-email").output());
  }

  @Test
  void allElsePassesThroughAsItIs() {
    Commands.Result result = aws("s3", "cp", "a b", "get-login", "--query", "x[?y=='z']", "");
    assertEquals("s3\ncp\na b\nget-login\n--query\nx[?y=='z']\n\n", result.output());
    assertEquals(7, result.exitCode());
    assertEquals("ecr\nget-login-password\n", aws("ecr", "get-login-password").output());
    assertEquals("--version\n", aws("--version").output());
  }

  private Commands.Result aws(String... arguments) {
    List<String> command = new ArrayList<>(List.of("sh", wrapper.toString()));
    command.addAll(List.of(arguments));
    return Commands.run(Duration.ofMinutes(2), "", command);
  }
}
