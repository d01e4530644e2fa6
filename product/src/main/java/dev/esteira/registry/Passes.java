package dev.esteira.registry;

import dev.esteira.access.Access;
import dev.esteira.access.Access.Principal;
import dev.esteira.base.Digest;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bearer passes: the caller's own token and the scopes granted, sealed (AES-GCM) under a key made
 * from the administrator's token. So a pass outlives a restart, and ends with the token inside it:
 * a revoked token's passes stop within {@link #TRUSTED}.
 */
final class Passes {
  static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final Duration TRUSTED = Duration.ofSeconds(2);
  private static final int OPENED_MAX = 10_000;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private record Sealed(String token, List<Scope> scopes, Instant expires) {}

  private record Opened(Optional<RegistryAuth.Caller> caller, Instant until) {}

  private final Access access;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;
  private final ConcurrentHashMap<String, Opened> opened = new ConcurrentHashMap<>();

  Passes(Access access, InstantSource clock) {
    this.access = access;
    this.clock = clock;
    String secret = "esteira registry pass:" + access.adminToken();
    byte[] hash = Digest.sha256().digest(secret.getBytes(StandardCharsets.UTF_8));
    this.key = new SecretKeySpec(hash, "AES");
  }

  String issue(String token, List<Scope> scopes) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    Sealed pass = new Sealed(token, scopes, clock.instant().plus(LIFETIME));
    byte[] plain = Json.write(pass).getBytes(StandardCharsets.UTF_8);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
      byte[] all = new byte[nonce.length + sealed.length];
      System.arraycopy(nonce, 0, all, 0, nonce.length);
      System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw EsteiraException.internal("could not seal a pass", e);
    }
  }

  Optional<RegistryAuth.Caller> open(String pass) {
    Instant now = clock.instant();
    Opened known = opened.get(pass);
    if (known != null && now.isBefore(known.until())) {
      return known.caller();
    }
    Optional<Sealed> sealed = unseal(pass).filter(s -> now.isBefore(s.expires()));
    Optional<RegistryAuth.Caller> caller =
        sealed.flatMap(s ->
            access
                .byToken(s.token())
                .map((Principal p) -> new RegistryAuth.Caller(p, Optional.of(s.scopes()))));
    if (opened.size() >= OPENED_MAX) {
      opened.clear();
    }
    if (caller.isPresent()) {
      opened.put(pass, new Opened(caller, now.plus(TRUSTED)));
    } else {
      opened.remove(pass);
    }
    return caller;
  }

  private Optional<Sealed> unseal(String pass) {
    try {
      byte[] all = Base64.getUrlDecoder().decode(pass);
      if (all.length <= NONCE_BYTES) {
        return Optional.empty();
      }
      byte[] nonce = new byte[NONCE_BYTES];
      System.arraycopy(all, 0, nonce, 0, NONCE_BYTES);
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce);
      byte[] plain = cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
      return Optional.of(Json.read(new String(plain, StandardCharsets.UTF_8), Sealed.class));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
