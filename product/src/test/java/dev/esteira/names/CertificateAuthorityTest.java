package dev.esteira.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Home;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  @TempDir Path directory;

  @Test
  void aRestartedAuthorityVerifiesWhatItSignedBefore() throws GeneralSecurityException {
    String client = authority().issueClient("admin", "system:masters").certificatePem();

    assertEquals(Optional.of("admin"), authority().verifyClient(read(client)));
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused(@TempDir Path other)
      throws GeneralSecurityException {
    CertificateAuthority stranger =
        new CertificateAuthority(new Home(other), List.of("localhost"), InstantSource.system());
    String client = stranger.issueClient("admin", "system:masters").certificatePem();

    assertEquals(Optional.empty(), authority().verifyClient(read(client)));
  }

  @Test
  void eachNameHasAContextAndTheKeyIsSecret() throws IOException {
    SSLContext context = authority().serverContext("sts.amazonaws.com");

    assertEquals("TLS", context.getProtocol());
    Path key = directory.resolve("ca/root.key");
    assertEquals(
        "[OWNER_READ, OWNER_WRITE]",
        Files.getPosixFilePermissions(key).stream().sorted().toList().toString());
    assertTrue(Files.readString(authority().bundle()).endsWith(authority().rootPem()));
  }

  private CertificateAuthority authority() {
    return new CertificateAuthority(
        new Home(directory), List.of("localhost", "127.0.0.1"), InstantSource.system());
  }

  private static X509Certificate read(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
  }
}
