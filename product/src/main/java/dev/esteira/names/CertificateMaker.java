package dev.esteira.names;

import dev.esteira.base.EsteiraException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes X.509 certificates (RFC 5280) on P-256 keys. */
final class CertificateMaker {
  /** A certificate and its key. */
  record Pair(X509Certificate certificate, PrivateKey key) {}

  private static final Duration ROOT_LIFETIME = Duration.ofDays(3650);
  private static final Duration LEAF_LIFETIME = Duration.ofDays(800);
  private static final Duration BACKDATED = Duration.ofHours(24);
  private static final String ADDRESS = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  CertificateMaker(InstantSource clock) {
    this.clock = clock;
  }

  Pair root(String name) {
    X500Name subject = name(name, "Esteira");
    return sign(
        subject,
        null,
        ROOT_LIFETIME,
        (builder, extensions, key) -> {
          builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
          builder.addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
          builder.addExtension(
              Extension.subjectKeyIdentifier,
              false,
              extensions.createSubjectKeyIdentifier(key.getPublic()));
        });
  }

  Pair server(Pair root, String name, List<String> alsoNames) {
    Set<String> names = new LinkedHashSet<>();
    if (!name.isEmpty()) {
      names.add(name);
    }
    names.addAll(alsoNames);
    List<GeneralName> general = new ArrayList<>();
    for (String each : names) {
      general.add(
          new GeneralName(
              each.matches(ADDRESS) ? GeneralName.iPAddress : GeneralName.dNSName, each));
    }
    String common = names.iterator().next();
    return sign(
        name(common.length() > 64 ? "esteira" : common, "Esteira"),
        root,
        LEAF_LIFETIME,
        (builder, extensions, key) -> {
          builder.addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(general.toArray(GeneralName[]::new)));
          builder.addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        });
  }

  Pair client(Pair root, String user, String group) {
    return sign(
        name(user, group),
        root,
        LEAF_LIFETIME,
        (builder, extensions, key) ->
            builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth)));
  }

  private interface Extras {
    void add(X509v3CertificateBuilder builder, JcaX509ExtensionUtils extensions, KeyPair key)
        throws IOException;
  }

  private Pair sign(
      X500Name subject,
      @org.jspecify.annotations.Nullable Pair issuer,
      Duration lifetime,
      Extras extras) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair key = generator.generateKeyPair();
      Instant now = clock.instant();
      X500Name issuerName =
          issuer == null
              ? subject
              : new JcaX509CertificateHolder(issuer.certificate()).getSubject();
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuerName,
              new BigInteger(126, random).setBit(126),
              Date.from(now.minus(BACKDATED)),
              Date.from(now.plus(lifetime)),
              subject,
              key.getPublic());
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      if (issuer != null) {
        builder.addExtension(
            Extension.authorityKeyIdentifier,
            false,
            extensions.createAuthorityKeyIdentifier(issuer.certificate()));
      }
      extras.add(builder, extensions, key);
      PrivateKey signer = issuer == null ? key.getPrivate() : issuer.key();
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
      return new Pair(certificate, key.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw EsteiraException.internal("could not make a certificate for " + subject, e);
    }
  }

  static Pair load(String certificatePem, String keyPem) throws GeneralSecurityException {
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(certificatePem.getBytes(StandardCharsets.UTF_8)));
    byte[] key = Base64.getMimeDecoder().decode(keyPem.replaceAll("-----[A-Z ]+-----", ""));
    return new Pair(
        certificate, KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)));
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw EsteiraException.internal("could not encode a certificate", e);
    }
  }

  static Optional<String> commonName(X509Certificate certificate)
      throws CertificateEncodingException {
    RDN[] names = new JcaX509CertificateHolder(certificate).getSubject().getRDNs(BCStyle.CN);
    return names.length == 0
        ? Optional.empty()
        : Optional.of(IETFUtils.valueToString(names[0].getFirst().getValue()));
  }

  static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static X500Name name(String common, String organisation) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, organisation)
        .addRDN(BCStyle.CN, common)
        .build();
  }
}
