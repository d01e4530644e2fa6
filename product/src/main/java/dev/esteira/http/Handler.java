package dev.esteira.http;

/** Answers one exchange, blocking, on a virtual thread of its own. */
@FunctionalInterface
public interface Handler {
  /**
   * Reads the request and writes the answer. Returning without an answer means 404. An {@link
   * dev.esteira.base.EsteiraException} thrown before the answer began becomes JSON {@code
   * {"error":{"code","message","next"}}} with its status.
   */
  void handle(Exchange exchange) throws Exception;
}
