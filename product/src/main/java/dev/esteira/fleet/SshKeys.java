package dev.esteira.fleet;

import dev.esteira.base.Commands;
import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Programs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Makes SSH keys with the program that everybody trusts for it. */
final class SshKeys {
  record Generated(String privatePem, String publicKey, String fingerprint) {}

  private SshKeys() {}

  static Generated generate(String type, String name) {
    Path directory = null;
    try {
      directory = Files.createTempDirectory("esteira-key-");
      Path key = directory.resolve("key");
      String program = Programs.require("ssh-keygen");
      List<String> kind =
          type.equals("ed25519")
              ? List.of(program, "-q", "-t", "ed25519")
              : List.of(program, "-q", "-t", "rsa", "-b", "2048", "-m", "PEM");
      List<String> command = new java.util.ArrayList<>(kind);
      command.addAll(List.of("-N", "", "-C", name, "-f", key.toString()));
      Commands.check(command);
      String publicKey = Files.readString(directory.resolve("key.pub")).strip();
      return new Generated(Files.readString(key), publicKey, fingerprint(publicKey.split(" ")[1]));
    } catch (IOException e) {
      throw EsteiraException.internal("could not make the key '" + name + "'", e);
    } finally {
      delete(directory);
    }
  }

  /** Pairs of hexadecimal digits, as EC2 shows them. */
  static String fingerprint(String encodedKey) {
    try {
      String hex = Digest.of(Base64.getDecoder().decode(encodedKey)).hex().substring(0, 40);
      return hex.replaceAll("(..)(?!$)", "$1:");
    } catch (IllegalArgumentException e) {
      throw EsteiraException.invalid("Key is not in valid OpenSSH public key format");
    }
  }

  /**
   * A public key in the form of OpenSSH, whichever of EC2's forms it came in: that one, RFC 4716,
   * or an RSA key in DER, encoded as base64 with or without its PEM lines.
   */
  static String openSsh(String given) {
    String key = given.strip();
    if (key.matches("(?s)(ssh-(rsa|ed25519)|ecdsa-[a-z0-9-]+)\\s+\\S+.*")) {
      return key;
    }
    boolean ssh = key.startsWith("---- BEGIN SSH2 PUBLIC KEY");
    String encoded =
        key.lines()
            .filter(line -> !line.startsWith("----") && !line.contains(":"))
            .collect(Collectors.joining());
    try {
      byte[] bytes = Base64.getDecoder().decode(encoded);
      byte[] blob = ssh ? bytes : blob(bytes);
      String type = new String(blob, 4, ByteBuffer.wrap(blob).getInt(), StandardCharsets.US_ASCII);
      return type + " " + Base64.getEncoder().encodeToString(blob);
    } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw EsteiraException.invalid("Key is not in valid OpenSSH public key format");
    }
  }

  /** An RSA key as SSH writes it: its type, exponent and modulus, each after its length. */
  private static byte[] blob(byte[] der) throws GeneralSecurityException {
    RSAPublicKey key =
        (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    for (byte[] part :
        List.of(
            "ssh-rsa".getBytes(StandardCharsets.US_ASCII),
            key.getPublicExponent().toByteArray(),
            key.getModulus().toByteArray())) {
      blob.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
      blob.writeBytes(part);
    }
    return blob.toByteArray();
  }

  private static void delete(@org.jspecify.annotations.Nullable Path directory) {
    if (directory != null) {
      for (String name : List.of("key", "key.pub", "")) {
        directory.resolve(name).toFile().delete();
      }
    }
  }
}
