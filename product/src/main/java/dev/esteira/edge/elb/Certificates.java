package dev.esteira.edge.elb;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.edge.Listeners;
import dev.esteira.names.CertificateAuthority;
import dev.esteira.store.Ledger;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Certificates for listeners: signed by the home's authority, or brought along. Durable and
 * thread-safe.
 */
public final class Certificates {
  private static final String KIND = "elb-certificate";

  private final Ledger ledger;
  private final CertificateAuthority authority;
  private final Listeners doors;

  /**
   * A certificate; the key is kept with the listeners only.
   *
   * @param imported whether somebody brought it along
   */
  public record Certificate(
      String arn,
      List<String> names,
      boolean imported,
      String certificatePem,
      String chainPem,
      Map<String, String> tags,
      Instant createdAt) {
    public Certificate {
      names = List.copyOf(names);
      tags = Map.copyOf(tags);
    }

    public X509Certificate parsed() {
      return parse(certificatePem);
    }
  }

  public Certificates(Ledger ledger, CertificateAuthority authority, Listeners doors) {
    this.ledger = ledger;
    this.authority = authority;
    this.doors = doors;
  }

  /** In the order in which they were made. */
  public List<Certificate> all() {
    return ledger.list(KIND, "").stream()
        .sorted(Comparator.comparingLong(Ledger.Stored::created))
        .map(each -> Json.read(each.body(), Certificate.class))
        .toList();
  }

  public Optional<Certificate> find(String arn) {
    return ledger.get(KIND, arn).map(each -> Json.read(each.body(), Certificate.class));
  }

  /** Signs one for these names with the home's authority. */
  public Certificate issue(String arn, List<String> names, Map<String, String> tags, Instant now) {
    CertificateAuthority.Issued issued = authority.issueServer(names);
    Certificate made =
        new Certificate(arn, names, false, issued.certificatePem(), authority.rootPem(), tags, now);
    put(made, issued.keyPem());
    return made;
  }

  /** Keeps one that was made elsewhere; {@code INVALID} when its key is another's. */
  public Certificate bring(Certificate wanted, String keyPem) {
    checkKey(wanted.parsed(), keyPem);
    put(wanted, keyPem);
    return wanted;
  }

  private void put(Certificate certificate, String keyPem) {
    doors.putCertificate(
        certificate.arn(),
        certificate.certificatePem().strip()
            + "\n"
            + certificate.chainPem().strip()
            + "\n"
            + keyPem.strip()
            + "\n");
    record(certificate);
  }

  /** Records other tags. */
  public void record(Certificate certificate) {
    ledger.write(tx -> {
      tx.put(KIND, certificate.arn(), Json.write(certificate));
      return true;
    });
  }

  /** {@code CONFLICT} when a listener has it. */
  public void delete(String arn) {
    doors.removeCertificate(arn);
    ledger.write(tx -> tx.delete(KIND, arn));
  }

  private static X509Certificate parse(String pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw EsteiraException.invalid("The certificate is not valid PEM: " + e.getMessage());
    }
  }

  /** Old forms of keys (PKCS 1, SEC 1) are left to HAProxy to judge. */
  private static void checkKey(X509Certificate certificate, String keyPem) {
    if (keyPem.contains("ENCRYPTED") || !keyPem.contains("PRIVATE KEY-----")) {
      throw EsteiraException.invalid("The private key is not an unencrypted PEM key");
    }
    if (!keyPem.contains("-----BEGIN PRIVATE KEY-----")) {
      return;
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(keyPem.replaceAll("-----[A-Z ]+-----", ""));
      String algorithm = certificate.getPublicKey().getAlgorithm();
      PrivateKey key =
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      String name = algorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      Signature signer = Signature.getInstance(name);
      signer.initSign(key);
      signer.update(der);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(name);
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(der);
      if (verifier.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw EsteiraException.invalid("The private key is not readable: " + e.getMessage());
    }
    throw EsteiraException.invalid("The private key does not match the certificate");
  }
}
