package dev.esteira.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.access.Access;
import dev.esteira.base.Json;
import dev.esteira.fleet.Fleet;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.Instances.State;
import dev.esteira.fleet.LiveInstances;
import dev.esteira.net.vpc.Clouds;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls of EC2 for instances. */
public final class Ec2Instances extends Ec2Feature {
  private static final String BY_USER = "Client.UserInitiatedShutdown: User initiated shutdown";

  private final LiveInstances instances;
  private final String account;
  private final Ec2InstanceIds ids;
  private final Ec2InstanceShape shape;
  private final Filters<Instance> filters;
  private final Ec2RunInstances run;
  private final Ec2InstanceStatus status;
  private final Ec2InstanceAttributes attributes;
  private final Ec2InstanceProfiles profiles;

  public Ec2Instances(Fleet fleet, Clouds clouds, Access access, LaunchTemplateSource templates) {
    this.instances = fleet.instances();
    this.account = access.accountId();
    this.ids = new Ec2InstanceIds(instances);
    this.shape = new Ec2InstanceShape(fleet, clouds, account, Clouds.REGION);
    this.filters = Ec2InstanceFilters.of(clouds, account, Clouds.REGION);
    this.run = new Ec2RunInstances(fleet, clouds, account, shape, templates);
    this.status = new Ec2InstanceStatus(instances, ids);
    this.attributes = new Ec2InstanceAttributes(instances, ids, shape);
    this.profiles = new Ec2InstanceProfiles(instances, ids, account);
  }

  @Override
  Map<String, Operation> operations() {
    Map<String, Operation> operations = new HashMap<>();
    operations.put("RunInstances", run::run);
    operations.put("DescribeInstances", this::describe);
    operations.put("TerminateInstances", this::terminate);
    operations.put("StopInstances", this::stop);
    operations.put("StartInstances", this::start);
    operations.put("RebootInstances", this::reboot);
    operations.put("GetConsoleOutput", this::console);
    status.addTo(operations);
    attributes.addTo(operations);
    profiles.addTo(operations);
    new Ec2Volumes(instances).addTo(operations);
    return operations;
  }

  @Override
  List<Taggable> taggables() {
    return List.of(
        new Ec2FleetTags(
            "i-",
            "instance",
            () -> {
              Map<String, Map<String, String>> all = new LinkedHashMap<>();
              instances.all().forEach(i -> all.put(i.id(), i.tags()));
              return all;
            },
            id -> Ec2InstanceIds.notFound(List.of(id)),
            instances::tag),
        Ec2RootDisks.taggable(instances));
  }

  private ObjectNode describe(Call call) {
    List<String> asked = call.texts("InstanceIds");
    List<Instance> all = asked.isEmpty() ? instances.all() : ids.all(asked);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("Reservations");
    Map<String, ArrayNode> reservations = new LinkedHashMap<>();
    for (Instance instance : Ec2.page(call, filters.apply(call, all), answer)) {
      reservations
          .computeIfAbsent(
              instance.reservationId(),
              id -> {
                ObjectNode reservation = list.addObject().put("ReservationId", id);
                reservation.put("OwnerId", account).putArray("Groups");
                return reservation.putArray("Instances");
              })
          .add(shape.instance(instance));
    }
    return answer;
  }

  private ObjectNode terminate(Call call) {
    List<Instance> all = ids.required(call);
    for (Instance instance : all) {
      if (instances.setup(instance.id()).terminationProtected()
          && !Ec2InstanceIds.ended(instance)) {
        throw new AwsException(
            "OperationNotPermitted",
            400,
            "The instance '"
                + instance.id()
                + "' may not be terminated. Modify its 'disableApiTermination' instance attribute"
                + " and try again.");
      }
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("TerminatingInstances");
    for (Instance instance : all) {
      boolean ended = Ec2InstanceIds.ended(instance);
      if (!ended && !instances.takenOver(instance)) {
        instances.terminate(instance.id(), BY_USER);
      }
      list.add(change(instance, ended ? instance.state() : State.SHUTTING_DOWN));
    }
    return answer;
  }

  /** The instances of a call, none of which has ended or is in a state that forbids it. */
  private List<Instance> required(Call call, String what, State forbidden) {
    List<Instance> all = ids.required(call);
    for (Instance instance : all) {
      if (Ec2InstanceIds.ended(instance) || instance.state() == forbidden) {
        throw Ec2InstanceIds.wrongState(instance, what);
      }
    }
    return all;
  }

  private static ObjectNode change(Instance before, State now) {
    ObjectNode change = Json.object().put("InstanceId", before.id());
    change.set("CurrentState", Ec2InstanceShape.state(now));
    change.set("PreviousState", Ec2InstanceShape.state(before.state()));
    return change;
  }

  private ObjectNode stop(Call call) {
    List<Instance> all = required(call, "stopped", State.PENDING);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("StoppingInstances");
    for (Instance instance : all) {
      instances.stop(instance.id());
      boolean runs = instance.state() == State.RUNNING;
      list.add(change(instance, runs ? State.STOPPING : instance.state()));
    }
    return answer;
  }

  private ObjectNode start(Call call) {
    List<Instance> all = required(call, "started", State.STOPPING);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("StartingInstances");
    for (Instance instance : all) {
      instances.start(instance.id());
      boolean stopped = instance.state() == State.STOPPED;
      list.add(change(instance, stopped ? State.PENDING : instance.state()));
    }
    return answer;
  }

  private ObjectNode reboot(Call call) {
    List<Instance> all = ids.required(call);
    for (Instance instance : all) {
      if (instance.state() != State.RUNNING) {
        throw Ec2InstanceIds.wrongState(instance, "rebooted");
      }
    }
    all.forEach(instance -> instances.reboot(instance.id()));
    return Json.object();
  }

  private ObjectNode console(Call call) {
    Instance instance = ids.one(call);
    ObjectNode answer = Json.object().put("InstanceId", instance.id());
    byte[] output = instances.console(instance.id());
    answer.put("Output", Base64.getEncoder().encodeToString(output));
    return answer.put("Timestamp", Ec2InstanceShape.time(instance.launchedAt()));
  }
}
