package dev.esteira.names;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.SecretFiles;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificate authority of a home: one root, made at first use, and a certificate for each name
 * that a client asks for. Keys stay under the home, mode 0600. Thread-safe.
 */
public final class CertificateAuthority {
  /** A certificate chain and its key, as PEM text. */
  public record Issued(String certificatePem, String keyPem) {}

  private static final Path SYSTEM_BUNDLE = Path.of("/etc/ssl/certs/ca-certificates.crt");
  private static final int NAMES_KEPT_MAX = 1_000;

  private final Path directory;
  private final CertificateMaker maker;
  private final CertificateMaker.Pair root;
  private final List<String> houseNames;
  private final Map<String, SSLContext> contexts = new ConcurrentHashMap<>();

  /** {@code houseNames} are the names and addresses that stand in every certificate. */
  public CertificateAuthority(Home home, List<String> houseNames, InstantSource clock) {
    this.directory = home.ca();
    this.houseNames = List.copyOf(houseNames);
    this.maker = new CertificateMaker(clock);
    try {
      this.root = loadOrMake(home.id());
    } catch (IOException | GeneralSecurityException e) {
      throw EsteiraException.internal("could not read or make the authority in " + directory, e);
    }
  }

  /** The root certificate, PEM. */
  public String rootPem() {
    return CertificateMaker.pem("CERTIFICATE", CertificateMaker.encoded(root.certificate()));
  }

  /**
   * The file with the host's bundle and our root, for clients that take one bundle ({@code
   * AWS_CA_BUNDLE} …); written anew at each call.
   */
  public synchronized Path bundle() {
    Path file = directory.resolve("ca.pem");
    try {
      String host = Files.isReadable(SYSTEM_BUNDLE) ? Files.readString(SYSTEM_BUNDLE) : "";
      Path fresh = directory.resolve("ca.pem.new");
      Files.writeString(fresh, host + rootPem());
      return Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw EsteiraException.internal("could not write the bundle " + file, e);
    }
  }

  /** The server context for a name that a client asked for; empty means the house itself. */
  public SSLContext serverContext(String name) {
    if (contexts.size() > NAMES_KEPT_MAX) {
      contexts.clear();
    }
    return contexts.computeIfAbsent(name, this::makeContext);
  }

  /** A certificate for these names, the first its common name. */
  public Issued issueServer(List<String> names) {
    CertificateMaker.Pair pair =
        maker.server(root, names.getFirst(), names.subList(1, names.size()));
    return new Issued(
        CertificateMaker.pem("CERTIFICATE", CertificateMaker.encoded(pair.certificate())),
        CertificateMaker.pem("PRIVATE KEY", pair.key().getEncoded()));
  }

  /** A certificate that nobody trusts. */
  public static Issued selfSigned(String name, InstantSource clock) {
    CertificateMaker.Pair pair = new CertificateMaker(clock).root(name);
    return new Issued(
        CertificateMaker.pem("CERTIFICATE", CertificateMaker.encoded(pair.certificate())),
        CertificateMaker.pem("PRIVATE KEY", pair.key().getEncoded()));
  }

  /** A client certificate whose common name is {@code user} and organisation {@code group}. */
  public Issued issueClient(String user, String group) {
    CertificateMaker.Pair pair = maker.client(root, user, group);
    return new Issued(
        CertificateMaker.pem("CERTIFICATE", CertificateMaker.encoded(pair.certificate())),
        CertificateMaker.pem("PRIVATE KEY", pair.key().getEncoded()));
  }

  /** The common name of a client certificate that this authority signed and that is valid now. */
  public Optional<String> verifyClient(X509Certificate certificate) {
    try {
      certificate.verify(root.certificate().getPublicKey());
      certificate.checkValidity();
      return CertificateMaker.commonName(certificate);
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private SSLContext makeContext(String name) {
    try {
      CertificateMaker.Pair leaf = maker.server(root, name, houseNames);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          "leaf",
          leaf.key(),
          new char[0],
          new X509Certificate[] {leaf.certificate(), root.certificate()});
      KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(keys, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          managers.getKeyManagers(), new TrustManager[] {new OurClients(root.certificate())}, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw EsteiraException.internal("could not make a certificate for '" + name + "'", e);
    }
  }

  private CertificateMaker.Pair loadOrMake(String homeId)
      throws IOException, GeneralSecurityException {
    Path certificate = directory.resolve("root.pem");
    Path key = directory.resolve("root.key");
    if (Files.exists(certificate)) {
      return CertificateMaker.load(Files.readString(certificate), Files.readString(key));
    }
    CertificateMaker.Pair made = maker.root("Esteira " + homeId);
    SecretFiles.write(
        key,
        CertificateMaker.pem("PRIVATE KEY", made.key().getEncoded())
            .getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        certificate,
        CertificateMaker.pem("CERTIFICATE", CertificateMaker.encoded(made.certificate())));
    return made;
  }

  /**
   * Accepts client certificates that our root signed; a client without one is no concern of TLS.
   */
  private static final class OurClients extends X509ExtendedTrustManager {
    private final X509Certificate root;

    OurClients(X509Certificate root) {
      this.root = root;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws java.security.cert.CertificateException {
      try {
        chain[0].verify(root.getPublicKey());
        chain[0].checkValidity();
      } catch (GeneralSecurityException e) {
        throw new java.security.cert.CertificateException("not signed by this home", e);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws java.security.cert.CertificateException {
      checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws java.security.cert.CertificateException {
      checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws java.security.cert.CertificateException {
      throw new java.security.cert.CertificateException("this context is for servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws java.security.cert.CertificateException {
      checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws java.security.cert.CertificateException {
      checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[] {root};
    }
  }
}
