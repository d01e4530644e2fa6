package dev.esteira.aws;

import dev.esteira.access.Access;
import dev.esteira.base.Json;
import java.time.InstantSource;
import java.util.Map;

/**
 * The API of {@code public.ecr.aws}, as far as logins go: what is pushed there with such a login is
 * kept in the house's registry under that name.
 */
final class EcrPublic {
  private EcrPublic() {}

  static Service service(Access access, InstantSource clock) {
    Operation token =
        call -> Json.object().set("authorizationData", Ecr.authorization(access, clock, call));
    return new Service(Model.load("ecr-public"), Map.of("GetAuthorizationToken", token));
  }
}
