/**
 * Virtual private clouds: subnets, route tables, internet gateways, security groups and network
 * ACLs, enforced.
 *
 * <p>Each VPC is a network namespace of its own, so that ranges may overlap and nothing of the
 * host's firewall is mixed with its rules:
 *
 * <pre>
 *  instance's namespace           VPC's namespace (one nftables table)           host
 *  eth0 10.0.1.5  ---- veth ----  es-xxxx, proxy ARP for all                     house, pool,
 *  eth0 10.0.2.9  ---- veth ----  es-yyyy        transit ---- veth ----          other sandboxes
 * </pre>
 *
 * <p>Every packet between two interfaces, those of one subnet included, is routed through the VPC's
 * namespace and so through its rules. Outside, an instance is known by its transit address, which
 * is unique in the home: private and transit address are translated one to one at the gateway.
 *
 * <p>A change goes through {@code CloudStore} (the ledger first), becomes a {@code Policy} for each
 * VPC, and that one is rendered as nftables rules ({@code PolicyRules}) and read by {@code
 * Explainer}. Choices where AWS leaves one open: a permission that is taken away cuts flows that it
 * had let begin; the metadata service and the name server are never cut; the house's doors need no
 * public address, only a route to a gateway.
 *
 * <p>Not here: IPv6, prefix lists, peering, routes to instances; they are refused when asked for.
 *
 * <p>Critical file: {@code Vpcs}.
 */
@NullMarked
package dev.esteira.net.vpc;

import org.jspecify.annotations.NullMarked;
