package dev.esteira.fleet;

import dev.esteira.base.Commands;
import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

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

  private static void delete(@org.jspecify.annotations.Nullable Path directory) {
    if (directory != null) {
      for (String name : List.of("key", "key.pub", "")) {
        directory.resolve(name).toFile().delete();
      }
    }
  }
}
