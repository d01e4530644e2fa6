package dev.esteira.aws;

import dev.esteira.fleet.TestingInstances;
import dev.esteira.fleet.group.Groups;
import dev.esteira.fleet.group.TestingTargets;
import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalDouble;

/** Real groups over instances that are values, behind the AWS door. */
final class TestingGroups implements AutoCloseable {
  final Ledger ledger = new TestingLedger();
  final TestingInstances instances = new TestingInstances(InstantSource.system());
  final Groups groups =
      new Groups(
          new Groups.Parts(
              ledger,
              instances,
              new TestingTargets(),
              instances::moveAddress,
              _ -> OptionalDouble.empty(),
              InstantSource.system()));

  /** The AWS door in front of them, open. */
  TestingAws open(Path directory) {
    groups.start();
    return new TestingAws(
        directory,
        ledger,
        aws ->
            List.of(
                new Ec2LaunchTemplates(groups, aws.access),
                new AutoScaling(groups, aws.access, aws.clouds)));
  }

  @Override
  public void close() {
    groups.close();
  }
}
