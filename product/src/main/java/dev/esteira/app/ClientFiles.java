package dev.esteira.app;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Home;
import dev.esteira.base.SecretFiles;
import dev.esteira.names.CertificateAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/** The files that {@code esteira env} points clients at. */
final class ClientFiles {
  /** Old command lines know no AWS_ENDPOINT_URL: say it by option, unless one is given. */
  private static final String AWS_SHIM =
      """
      #!/bin/sh
      # Runs the next aws of PATH against this house.
      here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
      next=
      old_ifs=$IFS
      IFS=:
      for directory in $PATH; do
        [ "$directory" = "$here" ] && continue
        if [ -x "$directory/aws" ]; then
          next=$directory/aws
          break
        fi
      done
      IFS=$old_ifs
      if [ -z "$next" ]; then
        echo "aws: no AWS command line in PATH besides $0" >&2
        exit 127
      fi
      for word in "$@"; do
        case $word in
          --endpoint-url | --endpoint-url=*) exec "$next" "$@" ;;
        esac
      done
      [ -n "$AWS_ENDPOINT_URL" ] || exec "$next" "$@"
      exec "$next" --endpoint-url "$AWS_ENDPOINT_URL" "$@"
      """;

  private ClientFiles() {}

  static void write(Home home, CertificateAuthority authority, String kubernetesUrl) {
    try {
      Path shim = home.bin().resolve("aws");
      Files.writeString(shim, AWS_SHIM);
      Files.setPosixFilePermissions(shim, PosixFilePermissions.fromString("rwxr-xr-x"));
      SecretFiles.write(
          home.bin().resolve("kubeconfig"),
          kubeconfig(authority, kubernetesUrl).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw EsteiraException.internal("could not write the client files in " + home.bin(), e);
    }
  }

  private static String kubeconfig(CertificateAuthority authority, String url) {
    CertificateAuthority.Issued client = authority.issueClient("admin", "system:masters");
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: esteira
      cluster:
        server: %s
        certificate-authority-data: %s
    contexts:
    - name: esteira
      context:
        cluster: esteira
        namespace: default
        user: admin
    current-context: esteira
    users:
    - name: admin
      user:
        client-certificate-data: %s
        client-key-data: %s
    """
        .formatted(
            url,
            base64(authority.rootPem()),
            base64(client.certificatePem()),
            base64(client.keyPem()));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
