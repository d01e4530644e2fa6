package dev.esteira.engine;

import java.util.Set;

/** The kernel's capabilities in the words of the Engine API, without the prefix {@code CAP_}. */
public final class Capabilities {
  /** What the engine gives every container that asks for nothing; adding these widens nothing. */
  public static final Set<String> DEFAULT =
      Set.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "FSETID",
          "FOWNER",
          "MKNOD",
          "NET_RAW",
          "SETGID",
          "SETUID",
          "SETFCAP",
          "SETPCAP",
          "NET_BIND_SERVICE",
          "SYS_CHROOT",
          "KILL",
          "AUDIT_WRITE");

  private Capabilities() {}
}
