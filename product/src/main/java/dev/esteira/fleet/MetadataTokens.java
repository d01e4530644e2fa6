package dev.esteira.fleet;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Ids;
import dev.esteira.store.Ledger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Session tokens of the metadata service: they carry their end and whose they are, signed. */
final class MetadataTokens {
  private static final String KIND = "metadata-secret";
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] secret;
  private final InstantSource clock;

  MetadataTokens(Ledger ledger, InstantSource clock) {
    this.clock = clock;
    this.secret =
        ledger
            .write(tx ->
                tx.get(KIND, "tokens")
                    .map(Ledger.Stored::body)
                    .orElseGet(() -> {
                      String fresh = "\"" + Ids.random(40) + "\"";
                      tx.put(KIND, "tokens", fresh);
                      return fresh;
                    }))
            .getBytes(StandardCharsets.UTF_8);
  }

  String issue(String instance, int seconds) {
    String until = Long.toString(clock.instant().getEpochSecond() + seconds, 36);
    byte[] text = (until + "." + signature(instance, until)).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().encodeToString(text);
  }

  /** Whether it was given to this instance and has not ended. */
  boolean valid(String instance, String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      int dot = text.indexOf('.');
      if (dot < 1) {
        return false;
      }
      String until = text.substring(0, dot);
      byte[] expected = signature(instance, until).getBytes(StandardCharsets.UTF_8);
      byte[] given = text.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
      return MessageDigest.isEqual(expected, given)
          && clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(until, 36)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private String signature(String instance, String until) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      byte[] hash = mac.doFinal((instance + "/" + until).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw EsteiraException.internal("could not sign a metadata token", e);
    }
  }
}
