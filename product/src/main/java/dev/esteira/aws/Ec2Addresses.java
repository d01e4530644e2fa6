package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.ErrorCode;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import dev.esteira.fleet.Fleet;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Instances.State;
import dev.esteira.fleet.PublicAddresses;
import dev.esteira.fleet.PublicAddresses.Address;
import dev.esteira.net.vpc.Clouds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The calls of EC2 for elastic addresses. */
public final class Ec2Addresses extends Ec2Feature {
  private final Fleet fleet;
  private final PublicAddresses addresses;
  private final String account;
  private final Ec2InstanceIds ids;
  private final Filters<Address> filters;

  public Ec2Addresses(Fleet fleet, Access access) {
    this.fleet = fleet;
    this.addresses = fleet.addresses();
    this.account = access.accountId();
    this.ids = new Ec2InstanceIds(fleet.instances());
    this.filters =
        new Filters<Address>(Address::tags)
            .one("allocation-id", Address::allocationId)
            .one("domain", _ -> "vpc")
            .one("public-ip", Address::address)
            .one("network-border-group", _ -> Clouds.REGION)
            .maybe("association-id", a -> a.association().map(PublicAddresses.Association::id))
            .maybe("instance-id", a -> a.association().map(PublicAddresses.Association::instance))
            .maybe("network-interface-id", a -> instance(a).map(i -> i.network().id()))
            .maybe("network-interface-owner-id", a -> instance(a).map(_ -> account))
            .maybe("private-ip-address", a -> instance(a).map(i -> i.network().privateAddress()));
  }

  @Override
  Map<String, Operation> operations() {
    return Map.of(
        "AllocateAddress", this::allocate,
        "DescribeAddresses", this::describe,
        "AssociateAddress", this::associate,
        "DisassociateAddress", this::disassociate,
        "ReleaseAddress", this::release,
        "DescribeAddressesAttribute", this::attribute);
  }

  @Override
  List<Taggable> taggables() {
    return List.of(
        new Ec2FleetTags(
            "eipalloc-",
            "elastic-ip",
            () -> {
              Map<String, Map<String, String>> all = new LinkedHashMap<>();
              addresses.elastic().forEach(a -> all.put(a.allocationId(), a.tags()));
              return all;
            },
            Ec2Addresses::noAllocation,
            addresses::tag));
  }

  private static AwsException noAllocation(String id) {
    return new AwsException(
        "InvalidAllocationID.NotFound", 400, "The allocation ID '" + id + "' does not exist");
  }

  private static AwsException noAddress(String address) {
    return new AwsException("InvalidAddress.NotFound", 400, "Address '" + address + "' not found.");
  }

  private Optional<Instance> instance(Address address) {
    return address
        .association()
        .flatMap(association -> fleet.instances().instance(association.instance()));
  }

  private ObjectNode allocate(Call call) {
    Address address = addresses.allocate(Ec2Tags.specified(call, "elastic-ip"));
    return Json.object()
        .put("PublicIp", address.address())
        .put("AllocationId", address.allocationId())
        .put("PublicIpv4Pool", "amazon")
        .put("NetworkBorderGroup", Clouds.REGION)
        .put("Domain", "vpc");
  }

  private Address byAllocation(String id) {
    return addresses.byAllocation(id).orElseThrow(() -> noAllocation(id));
  }

  private Address byAddress(String address) {
    return addresses.byAddress(address).orElseThrow(() -> noAddress(address));
  }

  private ObjectNode describe(Call call) {
    List<Address> asked = new ArrayList<>();
    call.texts("AllocationIds").forEach(id -> asked.add(byAllocation(id)));
    call.texts("PublicIps").forEach(address -> asked.add(byAddress(address)));
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Addresses");
    filters
        .apply(call, asked.isEmpty() ? addresses.elastic() : asked)
        .forEach(address -> list.add(shown(address)));
    return answer;
  }

  private ObjectNode shown(Address address) {
    ObjectNode shown = Json.object();
    instance(address)
        .ifPresent(instance -> {
          shown.put("InstanceId", instance.id());
          shown.put("NetworkInterfaceId", instance.network().id());
          shown.put("NetworkInterfaceOwnerId", account);
          shown.put("PrivateIpAddress", instance.network().privateAddress());
        });
    address.association().ifPresent(a -> shown.put("AssociationId", a.id()));
    shown.put("PublicIp", address.address()).put("AllocationId", address.allocationId());
    shown.put("Domain", "vpc").put("PublicIpv4Pool", "amazon");
    shown.put("NetworkBorderGroup", Clouds.REGION);
    if (!address.tags().isEmpty()) {
      shown.set("Tags", Ec2Tags.json(address.tags()));
    }
    return shown;
  }

  private Address named(Call call) {
    Optional<String> allocation = call.optional("AllocationId");
    if (allocation.isPresent()) {
      return byAllocation(allocation.get());
    }
    return byAddress(
        call.optional("PublicIp")
            .orElseThrow(() ->
                new AwsException(
                    "MissingParameter",
                    400,
                    "Either public IP or allocation id must be specified")));
  }

  private ObjectNode associate(Call call) {
    Address address = named(call);
    Instance instance = target(call);
    if (Ec2InstanceIds.ended(instance)) {
      throw new AwsException(
          "InvalidInstanceID",
          400,
          "The instance '" + instance.id() + "' is not in a valid state for this operation.");
    }
    boolean reassociate =
        call.optional("AllowReassociation").map(Boolean::parseBoolean).orElse(true);
    try {
      String id = addresses.associate(address.allocationId(), instance.id(), reassociate);
      return Json.object().put("AssociationId", id);
    } catch (EsteiraException e) {
      if (e.code() == ErrorCode.CONFLICT) {
        throw new AwsException("Resource.AlreadyAssociated", 400, e.text());
      }
      throw e;
    }
  }

  private Instance target(Call call) {
    if (call.optional("InstanceId").isPresent()) {
      return ids.one(call);
    }
    String card = call.optional("NetworkInterfaceId").orElseThrow(() -> Ec2.missing("InstanceId"));
    return fleet.instances().all().stream()
        .filter(i -> i.network().id().equals(card) && i.state() != State.TERMINATED)
        .findFirst()
        .orElseThrow(() -> Ec2Missing.networkInterface(card));
  }

  private ObjectNode disassociate(Call call) {
    Optional<String> association = call.optional("AssociationId");
    if (association.isPresent()) {
      if (!addresses.disassociate(association.get())) {
        throw new AwsException(
            "InvalidAssociationID.NotFound",
            400,
            "The association ID '" + association.get() + "' does not exist");
      }
      return Json.object();
    }
    byAddress(Ec2.text(call, "PublicIp"))
        .association()
        .ifPresent(a -> addresses.disassociate(a.id()));
    return Json.object();
  }

  private ObjectNode release(Call call) {
    Address address = named(call);
    if (address.association().isPresent()) {
      throw new AwsException(
          "InvalidIPAddress.InUse",
          400,
          "The address with allocation id " + address.allocationId() + " is in use.");
    }
    addresses.release(address.allocationId());
    return Json.object();
  }

  private ObjectNode attribute(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Addresses");
    for (String id : call.texts("AllocationIds")) {
      Address address = byAllocation(id);
      list.addObject().put("PublicIp", address.address()).put("AllocationId", id);
    }
    return answer;
  }
}
