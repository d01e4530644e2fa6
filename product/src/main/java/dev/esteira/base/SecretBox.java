package dev.esteira.base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts values at rest: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce each. The key
 * is a file of its own, apart from the ledger, mode 0600.
 */
public final class SecretBox {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  private SecretBox(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  /** The box whose key lies in this directory; made at first use. */
  public static SecretBox in(Path directory) {
    Path file = directory.resolve("secrets-key");
    try {
      if (!Files.exists(file)) {
        byte[] fresh = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        SecretFiles.write(file, fresh);
      }
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length != KEY_BYTES) {
        throw EsteiraException.internal(
            file + " has " + bytes.length + " bytes, but the secrets key has 32", null);
      }
      return new SecretBox(bytes);
    } catch (IOException e) {
      throw EsteiraException.internal("could not read or make the secrets key " + file, e);
    }
  }

  /** The value, encrypted, as text. */
  public String seal(String value) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, value.getBytes(StandardCharsets.UTF_8));
    byte[] both = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, both, NONCE_BYTES, sealed.length);
    return Base64.getEncoder().encodeToString(both);
  }

  /** The value that was sealed. */
  public String open(String sealed) {
    byte[] both = Base64.getDecoder().decode(sealed);
    byte[] nonce = Arrays.copyOf(both, NONCE_BYTES);
    byte[] body = Arrays.copyOfRange(both, NONCE_BYTES, both.length);
    return new String(run(Cipher.DECRYPT_MODE, nonce, body), StandardCharsets.UTF_8);
  }

  private byte[] run(int mode, byte[] nonce, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw EsteiraException.internal(
          "could not encrypt or decrypt a value; is keys/secrets-key the one of this home?", e);
    }
  }
}
