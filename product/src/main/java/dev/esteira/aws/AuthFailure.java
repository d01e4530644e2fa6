package dev.esteira.aws;

/** Why a request's signature was refused, with the codes of the two families of protocols. */
enum AuthFailure {
  MISSING("MissingAuthenticationToken", "MissingAuthenticationTokenException"),
  INCOMPLETE("IncompleteSignature", "IncompleteSignatureException"),
  UNKNOWN_KEY("InvalidClientTokenId", "UnrecognizedClientException"),
  MISMATCH("SignatureDoesNotMatch", "InvalidSignatureException"),
  EXPIRED("SignatureDoesNotMatch", "InvalidSignatureException");

  private final String query;
  private final String json;

  AuthFailure(String query, String json) {
    this.query = query;
    this.json = json;
  }

  String query() {
    return query;
  }

  String json() {
    return json;
  }

  /** A refusal before it is known in which protocol to say so. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final AuthFailure failure;

    Refused(AuthFailure failure, String message) {
      super(message);
      this.failure = failure;
    }

    AuthFailure failure() {
      return failure;
    }
  }
}
