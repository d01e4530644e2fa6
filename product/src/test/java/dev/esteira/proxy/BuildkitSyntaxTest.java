package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dockerfiles that need BuildKit, by docker's clients and the engine's classic builder. */
@Tag("system")
@Timeout(300)
class BuildkitSyntaxTest {
  private static TestingHouse house;
  private static TestingOwner job;

  @BeforeAll
  static void start() throws IOException {
    house = new TestingHouse();
    house.seed(
        "tools", "3", List.of("/bin/mkdir", "/bin/chmod", "/bin/mktemp", "/bin/rm", "/bin/true"));
    job = house.owner("syntax");
  }

  @AfterAll
  static void stop() throws IOException {
    house.close();
  }

  private static Path context(String dockerfile) throws IOException {
    Path context = Files.createTempDirectory(job.work(), "context");
    Files.writeString(
        context.resolve("Dockerfile"),
        "# syntax=docker/dockerfile:1.7\nFROM "
            + TestingHouse.ECR
            + "/tools:3 AS base\n"
            + dockerfile);
    Files.writeString(context.resolve("start.sh"), "echo started\n");
    Files.writeString(context.resolve("go.mod"), "module x\n");
    return context;
  }

  private static String build(String dockerfile, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("build", "-t", "built"));
    words.addAll(List.of(more));
    words.add(context(dockerfile).toString());
    return job.docker(words.toArray(String[]::new)).check();
  }

  private static String shell(String command) {
    return job.docker("run", "--rm", "built", "/bin/sh", "-c", command).check();
  }

  @Test
  void hereDocumentsBecomeFilesAndScripts() throws Exception {
    String output =
        build(
            """
            ENV PORT=80
            RUN <<EOF
            set -e
            mkdir /made
            echo "on $PORT" > /made/port
            EOF
            RUN cat > /made/two <<A && cat >> /made/two <<'B'
            one $PORT
            A
            two $PORT
            B
            RUN <<EOF
            #!/bin/bash
            a=(x y); echo "${a[1]}" > /made/array
            EOF
            COPY --chmod=750 <<EOF start.sh /opt/
            listen $PORT;
            EOF
            COPY . /context
            """);
    assertTrue(output.contains(" : RUN <<EOF\n"), output);
    assertEquals("on 80\none 80\ntwo $PORT\ny\n", shell("cat /made/port /made/two /made/array"));
    assertEquals("listen 80;\necho started\n", shell("cat /opt/EOF /opt/start.sh"));
    assertEquals("Dockerfile\ngo.mod\nstart.sh\n", shell("cd /context; ls"));
    assertEquals("", job.docker("images", "-q", "--filter", "dangling=true").check());
  }

  @Test
  void mountsAreThereWhileTheCommandRuns() throws Exception {
    String output =
        build(
            """
            RUN mkdir /from && echo stage > /from/file
            FROM base
            WORKDIR /src
            RUN --mount=type=cache,target=/root/.cache/x --mount=type=tmpfs,target=/scratch \\
                --mount=type=bind,source=go.mod,target=go.mod \\
                --mount=from=base,source=/from,target=/stage \\
                --mount=type=secret,id=token \\
                cat go.mod /stage/file > /seen && ls -d /scratch /root/.cache/x >> /seen
            """);
    assertEquals("module x\nstage\n/root/.cache/x\n/scratch\n", shell("cat /seen"));
    assertTrue(output.contains("RUN --mount=type=cache keeps nothing from build to build"), output);
  }

  @Test
  void permissionsAndPlatformAreAsAsked() throws Exception {
    build(
        """
        ARG TARGETARCH TARGETOS
        RUN echo "$TARGETOS $TARGETARCH" > /platform
        COPY --link --chmod=755 start.sh /usr/local/bin/start
        RUN echo x > /tool
        FROM base
        COPY --from=0 --chmod=a+x /tool /platform /bin/
        COPY --from=0 --link /usr/local/bin/start /bin/
        """);
    assertEquals("linux amd64\n", shell("cat /bin/platform"));
    assertEquals("yes\n", shell("test -x /bin/tool && test -x /bin/start && echo yes"));
  }

  @Test
  void aQuietBuildSaysTheIdAndNothingElse() throws Exception {
    String id = build("RUN --mount=type=cache,target=/c true\n", "-q").strip();
    assertTrue(id.matches("sha256:[0-9a-f]{64}"), id);
  }

  @Test
  void whatCannotBeGivenFailsWithItsLine() throws Exception {
    String dockerfile = "RUN --mount=type=secret,id=t,required=true cat /run/secrets/t\n";
    TestingOwner.Ran ran = job.docker("build", context(dockerfile).toString());
    assertNotEquals(0, ran.exitCode());
    assertTrue(
        ran.output().contains("Dockerfile line 3: RUN --mount=type=secret is required"),
        ran.output());
  }
}
