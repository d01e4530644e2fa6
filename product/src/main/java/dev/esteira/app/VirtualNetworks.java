package dev.esteira.app;

import dev.esteira.console.NetApi;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.LinuxVpcs;

/** Virtual private clouds: as their owners change them, and as machines are plugged into them. */
record VirtualNetworks(Clouds clouds, LinuxVpcs vpcs) {
  static VirtualNetworks open(Foundation base, Parts parts) {
    Clouds clouds = new Clouds(base.ledger(), base.clock());
    LinuxVpcs vpcs = parts.add(new LinuxVpcs(base.home(), clouds, base.networks(), base.clock()));
    vpcs.up();
    return new VirtualNetworks(clouds, vpcs);
  }

  NetApi api(Foundation base, NetApi.Names names) {
    return new NetApi(clouds, base.networks(), vpcs::denied, names);
  }
}
