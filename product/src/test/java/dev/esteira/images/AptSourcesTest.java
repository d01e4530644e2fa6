package dev.esteira.images;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptSourcesTest {
  @TempDir Path apt;

  @Test
  void readsBothFormsAndLeavesOutWhatIsNotTheRelease() throws IOException {
    Files.createDirectories(apt.resolve("sources.list.d"));
    Files.writeString(
        apt.resolve("sources.list"),
        """
        # deb http://off.example/debian bookworm main
        deb http://one.example/debian bookworm main contrib # why
        deb-src http://one.example/debian bookworm main
        deb [arch=amd64 signed-by=/k.gpg] http://two.example/debian bookworm-updates main
        deb http://one.example/debian bookworm-backports main
        deb http://tool.example/apt stable main
        """);
    Files.writeString(
        apt.resolve("sources.list.d/debian.sources"),
        """
        Types: deb deb-src
        # a remark between
        URIs: http://three.example/debian
        Suites: bookworm trixie bookworm-security
        Components: main non-free
        Signed-By: /usr/share/keyrings/x.gpg

        Enabled: no
        Types: deb
        URIs: http://off.example/debian
        Suites: bookworm
        Components: main
        """);
    assertEquals(
        List.of(
            "deb http://one.example/debian bookworm main",
            "deb [signed-by=/k.gpg] http://two.example/debian bookworm-updates main",
            "deb [signed-by=/usr/share/keyrings/x.gpg] http://three.example/debian bookworm main",
            "deb [signed-by=/usr/share/keyrings/x.gpg] http://three.example/debian"
                + " bookworm-security main"),
        AptSources.of(apt, "bookworm"));
  }

  @Test
  void aHostWithoutSourcesHasNone() {
    assertEquals(List.of(), AptSources.of(apt.resolve("none"), "bookworm"));
  }
}
