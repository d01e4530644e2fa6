package dev.esteira.app;

import dev.esteira.cluster.ServiceAddresses;
import dev.esteira.net.Networks;
import java.util.Optional;

/** ClusterIPs out of the house's range. */
record NetworkAddresses(Networks networks) implements ServiceAddresses {
  @Override
  public String take(String holder, Optional<String> wanted) {
    return networks.takeClusterAddress(holder, wanted);
  }

  @Override
  public void release(String holder) {
    networks.releaseAddress(holder);
  }
}
