package dev.esteira.aws;

import dev.esteira.fleet.Instances;
import dev.esteira.fleet.Instances.Instance;
import dev.esteira.fleet.LiveInstances;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks instances up by the ids of a call: all of them, or none and an error. */
final class Ec2InstanceIds {
  private static final Pattern ID = Pattern.compile("i-([0-9a-f]{8}|[0-9a-f]{17})");

  private final LiveInstances instances;

  Ec2InstanceIds(LiveInstances instances) {
    this.instances = instances;
  }

  List<Instance> all(List<String> ids) {
    List<Instance> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String id : ids.stream().distinct().toList()) {
      checkForm(id);
      Optional<Instance> instance = instances.instance(id);
      instance.ifPresentOrElse(found::add, () -> missing.add(id));
    }
    if (!missing.isEmpty()) {
      throw notFound(missing);
    }
    return found;
  }

  private static void checkForm(String id) {
    if (!ID.matcher(id).matches()) {
      throw new AwsException("InvalidInstanceID.Malformed", 400, "Invalid id: \"" + id + "\"");
    }
  }

  static AwsException notFound(List<String> missing) {
    String text =
        missing.size() == 1
            ? "The instance ID '" + missing.getFirst() + "' does not exist"
            : "The instance IDs '" + String.join(", ", missing) + "' do not exist";
    return new AwsException("InvalidInstanceID.NotFound", 400, text);
  }

  /** The instances of {@code InstanceIds}, of which the call needs at least one. */
  List<Instance> required(Call call) {
    List<String> ids = call.texts("InstanceIds");
    if (ids.isEmpty()) {
      throw Ec2.missing("InstanceId");
    }
    return all(ids);
  }

  Instance one(Call call) {
    return all(List.of(Ec2.text(call, "InstanceId"))).getFirst();
  }

  static AwsException wrongState(Instance instance, String whatFor) {
    return new AwsException(
        "IncorrectInstanceState",
        400,
        "The instance '"
            + instance.id()
            + "' is not in a state from which it can be "
            + whatFor
            + ".");
  }

  static boolean ended(Instance instance) {
    return instance.state() == Instances.State.TERMINATED
        || instance.state() == Instances.State.SHUTTING_DOWN;
  }
}
