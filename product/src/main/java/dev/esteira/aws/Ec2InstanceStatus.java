package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.fleet.InstanceTypes;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Instances.State;
import dev.esteira.fleet.LiveInstances;
import java.util.List;
import java.util.Map;

/** Status checks, and the types of instances. */
final class Ec2InstanceStatus {
  private static final Filters<Instance> FILTERS =
      new Filters<Instance>(Instance::tags)
          .one("availability-zone", i -> i.network().zone())
          .one("instance-state-code", i -> String.valueOf(i.state().code()))
          .one("instance-state-name", i -> i.state().word())
          .one("instance-status.status", Ec2InstanceStatus::word)
          .one("instance-status.reachability", Ec2InstanceStatus::reachability)
          .one("system-status.status", i -> running(i) ? "ok" : "not-applicable")
          .one("system-status.reachability", i -> running(i) ? "passed" : "insufficient-data");

  private static final Filters<InstanceTypes.Type> TYPE_FILTERS =
      new Filters<InstanceTypes.Type>(_ -> Map.of())
          .one("instance-type", InstanceTypes.Type::name)
          .one("current-generation", _ -> "true")
          .one("processor-info.supported-architecture", _ -> "x86_64")
          .one("location", _ -> dev.esteira.net.vpc.Clouds.REGION);

  private final LiveInstances instances;
  private final Ec2InstanceIds ids;

  Ec2InstanceStatus(LiveInstances instances, Ec2InstanceIds ids) {
    this.instances = instances;
    this.ids = ids;
  }

  void addTo(Map<String, Operation> operations) {
    operations.put("DescribeInstanceStatus", this::describe);
    operations.put("DescribeInstanceCreditSpecifications", this::credits);
    operations.put("DescribeInstanceTypes", this::types);
    operations.put("DescribeInstanceTypeOfferings", this::offerings);
  }

  /** As it is unless somebody asks otherwise: instances here have no credits to spend. */
  private ObjectNode credits(Call call) {
    List<String> asked = call.texts("InstanceIds");
    List<Instance> all = asked.isEmpty() ? instances.all() : ids.all(asked);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("InstanceCreditSpecifications");
    for (Instance each : all) {
      String type = each.template().instanceType();
      if (type.startsWith("t")) {
        list.addObject()
            .put("InstanceId", each.id())
            .put("CpuCredits", type.startsWith("t2.") ? "standard" : "unlimited");
      }
    }
    return answer;
  }

  private static boolean running(Instance instance) {
    return instance.state() == State.RUNNING;
  }

  private static String word(Instance instance) {
    if (!running(instance)) {
      return instance.state() == State.PENDING ? "initializing" : "not-applicable";
    }
    return instance.healthy() ? "ok" : "impaired";
  }

  private static String reachability(Instance instance) {
    return switch (word(instance)) {
      case "ok" -> "passed";
      case "impaired" -> "failed";
      case "initializing" -> "initializing";
      default -> "insufficient-data";
    };
  }

  private ObjectNode describe(Call call) {
    List<String> asked = call.texts("InstanceIds");
    List<Instance> all = asked.isEmpty() ? instances.all() : ids.all(asked);
    boolean running = !call.flag("IncludeAllInstances");
    List<Instance> wanted = all.stream().filter(i -> !running || running(i)).toList();
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("InstanceStatuses");
    for (Instance instance : Ec2.page(call, FILTERS.apply(call, wanted), answer)) {
      ObjectNode shown = list.addObject().put("AvailabilityZone", instance.network().zone());
      shown.put("InstanceId", instance.id());
      shown.set("InstanceState", Ec2InstanceShape.state(instance.state()));
      shown.set("InstanceStatus", status(word(instance), reachability(instance)));
      shown.set(
          "SystemStatus",
          running(instance)
              ? status("ok", "passed")
              : status(word(instance), reachability(instance)));
    }
    return answer;
  }

  private static ObjectNode status(String word, String reachability) {
    ObjectNode status = Json.object().put("Status", word);
    status.putArray("Details").addObject().put("Name", "reachability").put("Status", reachability);
    return status;
  }

  private List<InstanceTypes.Type> wantedTypes(Call call) {
    List<String> asked = call.texts("InstanceTypes");
    if (asked.isEmpty()) {
      return InstanceTypes.usual();
    }
    return asked.stream()
        .map(name ->
            InstanceTypes.find(name)
                .orElseThrow(() ->
                    new AwsException(
                        "InvalidInstanceType",
                        400,
                        "The following supplied instance types do not exist: [" + name + "]")))
        .toList();
  }

  private ObjectNode types(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("InstanceTypes");
    for (InstanceTypes.Type type :
        Ec2.page(call, TYPE_FILTERS.apply(call, wantedTypes(call)), answer)) {
      ObjectNode shown = list.addObject().put("InstanceType", type.name());
      shown.put("CurrentGeneration", true).put("FreeTierEligible", type.name().equals("t2.micro"));
      shown
          .put("BareMetal", false)
          .put("Hypervisor", "nitro")
          .put("BurstablePerformanceSupported", type.name().startsWith("t"));
      shown.putArray("SupportedUsageClasses").add("on-demand");
      shown.putArray("SupportedRootDeviceTypes").add("ebs");
      shown.putArray("SupportedVirtualizationTypes").add("hvm");
      shown.putObject("ProcessorInfo").putArray("SupportedArchitectures").add("x86_64");
      shown.putObject("VCpuInfo").put("DefaultVCpus", type.processors());
      shown.putObject("MemoryInfo").put("SizeInMiB", type.memoryMib());
    }
    return answer;
  }

  private ObjectNode offerings(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("InstanceTypeOfferings");
    boolean byZone = call.optional("LocationType").orElse("region").equals("availability-zone");
    List<String> places =
        byZone ? dev.esteira.net.vpc.Clouds.ZONES : List.of(dev.esteira.net.vpc.Clouds.REGION);
    for (InstanceTypes.Type type : TYPE_FILTERS.apply(call, InstanceTypes.usual())) {
      for (String place : places) {
        list.addObject()
            .put("InstanceType", type.name())
            .put("LocationType", byZone ? "availability-zone" : "region")
            .put("Location", place);
      }
    }
    return answer;
  }
}
