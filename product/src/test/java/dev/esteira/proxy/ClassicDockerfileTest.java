package dev.esteira.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClassicDockerfileTest {
  @Test
  void whatTheClassicBuilderKnowsStaysAsItIs() {
    String text =
        """
        # syntax=docker/dockerfile:1
        ARG TARGETARCH
        FROM a AS b\r
        ARG X=1 Y
        COPY --chown=1:1 --from=b ["x", "/y"]
        RUN echo $((1<<X)) && cat << EOF
        ENV A=<<B
        HEALTHCHECK --interval=5s CMD true
        """;
    assertEquals(text, of(text).text());
    assertEquals(Set.of(), of(text).notices());
  }

  @Test
  void theArgumentsOfThePlatformHaveTheirValues() {
    assertEquals(
        "FROM a\nARG TARGETOS=linux TARGETARCH=amd64\nARG TARGETARCH=arm64\n",
        of("FROM a\nARG TARGETOS  TARGETARCH\nARG TARGETARCH=arm64\n").text());
    assertEquals(
        "FROM a\nARG TARGETARCH\n",
        ClassicDockerfile.of("FROM a\nARG TARGETARCH\n", Map.of("TARGETARCH", "x")).text());
  }

  @Test
  void cachesAreDirectoriesAndBindsAreCopies() {
    ClassicDockerfile classic =
        of(
            """
            FROM a
            RUN --mount=type=cache,target=/root/.cache,sharing=locked \\
                --mount=source=go.mod,target=go.mod --mount=from=b,src=/x,dst=/y,ro \\
                go build
            RUN --mount=type=tmpfs,target=/t ["go", "test"]
            RUN --mount=type=secret,id=npm --network=default npm ci
            """);
    assertEquals(
        """
        FROM a
        COPY go.mod go.mod
        COPY --from=b /x /y
        RUN mkdir -p "/root/.cache" 2>/dev/null || true; go build


        RUN ["go", "test"]
        RUN npm ci
        """,
        classic.text());
    assertEquals(
        List.of(
            "Dockerfile line 2: RUN --mount=type=cache keeps nothing from build to build here; what"
                + " is in /root/.cache stays in the image",
            "Dockerfile line 2: RUN --mount=type=bind is a COPY here, and what it copies stays",
            "Dockerfile line 6: RUN --mount=type=secret: none is given to builds here"),
        List.copyOf(classic.notices()));
    assertEquals(
        "RUN --mount=type=secret,id=npm --network=default npm ci",
        classic.printed().get("RUN npm ci"));
  }

  @Test
  void whatCannotBeGivenIsRefusedWithItsLine() {
    says("RUN --mount=type=secret,id=x,required=true x", "Dockerfile line 2: RUN --mount=type=sec");
    says("RUN --mount=type=ssh,required x", "is required, but builds here get none");
    says("RUN --mount=type=disk,target=/x x", "line 2: unsupported mount type 'disk'");
    says("RUN --mount=type=cache x", "line 2: --mount=type=cache names no target");
    says("RUN --network=host x", "refused in builds");
    says("RUN --security=insecure x", "refused in builds");
  }

  private static void says(String line, String sentence) {
    EngineError error = assertThrows(EngineError.class, () -> of("FROM a\n" + line + "\n"));
    assertTrue(error.text().contains(sentence), error.text());
  }

  @Test
  void scriptsAreRunByTheStagesShell() {
    assertEquals(
        """
        FROM a
        RUN ["/bin/sh","-c","set -e\\necho \\"$A\\"\\n"]



        RUN ["/bin/sh","-c","cat <<-'X' >/y && b\\n\\tc\\nX\\n"]


        SHELL ["/bin/bash", "-c"]
        RUN ["/bin/bash","-c","mkdir -p \\"/c\\" 2>/dev/null || true; true\\n"]


        """,
        of("""
        FROM a
        RUN <<EOF
        set -e
        echo "$A"
        EOF
        RUN cat <<-'X' >/y && b
        \tc
        X
        SHELL ["/bin/bash", "-c"]
        RUN --mount=type=cache,target=/c <<-EOF
        \ttrue
        EOF
        """)
            .text());
    String python = of("FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n").text();
    assertTrue(python.contains("<<'EOF'\\n#!/usr/bin/env python3\\nprint(1)\\nEOF\\n"), python);
  }

  @Test
  void copiedDocumentsHaveTheirVariablesReplaced() {
    ClassicDockerfile classic =
        of(
            """
            FROM a AS base
            ENV PORT=80
            FROM base
            ARG NAME=web
            COPY --link --chmod=755 --chown=1 <<EOF /run.sh
            listen ${PORT:-1}; # $NAME "$UNKNOWN" \\$host
            EOF
            COPY a <<'one' <<-two /d/
            $PORT
            one
            \tx
            two
            """);
    assertEquals(
        List.of(
            new ClassicDockerfile.File("0/EOF", "listen 80; # web \"\" $host\n", 0755),
            new ClassicDockerfile.File("1/one", "$PORT\n", 0644),
            new ClassicDockerfile.File("2/two", "x\n", 0644)),
        classic.files());
    assertTrue(
        classic.text().contains("COPY --chown=1 --from=esteira-here-documents /0/EOF /run.sh\n"),
        classic.text());
    assertTrue(
        classic
            .text()
            .contains(
                """
                COPY ["a","/d/"]
                COPY --from=esteira-here-documents /1/one /d/
                COPY --from=esteira-here-documents /2/two /d/
                """),
        classic.text());
  }

  @Test
  void permissionsAreSetInTheContextOrByACommand() {
    ClassicDockerfile classic =
        of(
            """
            FROM a
            ARG S=start
            COPY --chmod=0755 ./bin/*.sh $S /x/
            USER app
            COPY --from=b --chmod=a+x /opt/tool /usr/bin/
            """);
    ContextModes modes = classic.modes();
    assertEquals(OptionalInt.of(0755), modes.of("bin/a.sh"));
    assertEquals(OptionalInt.of(0755), modes.of("start/deep/file"));
    assertEquals(OptionalInt.empty(), modes.of("bin/a.sh.txt"));
    assertEquals(OptionalInt.empty(), modes.of("bin/deep/a.sh.d"));
    assertEquals(
        """
        FROM a
        ARG S=start
        COPY ./bin/*.sh $S /x/
        USER app
        COPY --from=b /opt/tool /usr/bin/
        USER 0
        RUN if [ -e /usr/bin/tool ]; then chmod -R a+x /usr/bin/tool; \
        else chmod -R a+x /usr/bin/; fi
        USER app
        """,
        classic.text());
  }

  @Test
  void aHealthCheckLosesWhatTheEngineDoesNotKnow() {
    ClassicDockerfile classic =
        of("FROM a\nHEALTHCHECK --interval=5s --start-interval=1s CMD [\"x\"]\n");
    assertEquals("FROM a\nHEALTHCHECK --interval=5s CMD [\"x\"]\n", classic.text());
    assertEquals(1, classic.notices().size());
  }

  private static ClassicDockerfile of(String text) {
    return ClassicDockerfile.of(text, Map.of());
  }
}
