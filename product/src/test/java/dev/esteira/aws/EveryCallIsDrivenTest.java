package dev.esteira.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.base.Home;
import dev.esteira.base.SecretBox;
import dev.esteira.edge.elb.Certificates;
import dev.esteira.edge.elb.Elb;
import dev.esteira.edge.elb.Machines;
import dev.esteira.fleet.Fleet;
import dev.esteira.fleet.Ground;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.store.Ledger;
import dev.esteira.store.TestingLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What counts as supported is what a test makes an unmodified client do: every call that is
 * answered stands in the text of such a test, in the words of the command line. A new call fails
 * here until it has one.
 */
class EveryCallIsDrivenTest {
  private static final Path ROOT = Path.of(System.getProperty("esteira.root"));

  /** Where clients run. */
  private static final List<Path> PLACES =
      List.of(
          ROOT.resolve("product/src/test/java/dev/esteira/aws"),
          ROOT.resolve("acceptance/src/test/java/dev/esteira/acceptance"));

  @TempDir Path directory;
  private final TestingGroups groups = new TestingGroups();

  @Test
  void everyCallStandsInATestOfAClient() throws IOException {
    List<String> tests = tests();
    TreeSet<String> missing = new TreeSet<>();
    operations()
        .forEach((service, operations) ->
            operations.stream()
                .map(EveryCallIsDrivenTest::command)
                .filter(command -> tests.stream().noneMatch(t -> drives(t, service, command)))
                .forEach(command -> missing.add(service + " " + command)));

    assertEquals(new TreeSet<>(), missing);
  }

  @Test
  void theCommandLinesWordsAreFound() {
    assertEquals("describe-ssl-policies", command("DescribeSSLPolicies"));
    assertEquals("batch-get-image", command("BatchGetImage"));
    assertTrue(drives("aws ec2 \"delete-vpc --vpc-id\"", "ec2", "delete-vpc"));
    assertEquals(false, drives("aws ec2 delete-vpc-link", "ec2", "delete-vpc"));
    assertEquals(false, drives("aws elbv2 describe-tags", "ec2", "describe-tags"));
    assertTrue(drives("super(\"ec2\"); text(\"describe-tags", "ec2", "describe-tags"));
  }

  private static boolean drives(String test, String service, String command) {
    return Pattern.compile("\\b" + service + "[ \"]").matcher(test).find()
        && Pattern.compile("(?<![\\w-])" + command + "(?![\\w-])").matcher(test).find();
  }

  /** As the command lines make it of an operation's name. */
  private static String command(String operation) {
    return operation
        .replaceAll("(.)([A-Z][a-z]+)", "$1-$2")
        .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
        .toLowerCase(Locale.ROOT);
  }

  private static List<String> tests() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path place : PLACES) {
      try (Stream<Path> files = Files.list(place)) {
        for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
          if (!file.endsWith("EveryCallIsDrivenTest.java")) {
            texts.add(withParent(file));
          }
        }
      }
    }
    return texts;
  }

  /** The text of a test and of what it extends, which may hold the name of the service. */
  private static String withParent(Path file) throws IOException {
    String text = Files.readString(file);
    Matcher parent = Pattern.compile("extends (\\w+Calls)\\b").matcher(text);
    return parent.find()
        ? text + Files.readString(file.resolveSibling(parent.group(1) + ".java"))
        : text;
  }

  /** By the command line's name of the service. */
  private Map<String, List<String>> operations() {
    Map<String, List<String>> all = new HashMap<>();
    Ledger ledger = new TestingLedger();
    try (TestingAws aws = new TestingAws(directory, ledger, made -> features(made, ledger))) {
      aws.api
          .services()
          .forEach((_, service) ->
              all.put(service.model().name(), List.copyOf(service.operations().keySet())));
    }
    return all;
  }

  /** All that a house has; wired, but nothing behind them is ever asked. */
  private List<AwsFeature> features(TestingAws made, Ledger ledger) {
    InstantSource clock = InstantSource.system();
    Home home = new Home(directory.resolve("home"));
    Fleet fleet =
        new Fleet(
            new Ground(
                home,
                ledger,
                null,
                null,
                null,
                made.clouds,
                null,
                made.access,
                null,
                Clouds.REGION,
                "",
                "",
                home::root,
                clock));
    Elb elb = new Elb(new Elb.Parts(ledger, null, null, null, Machines.plain(), clock));
    Certificates certificates = new Certificates(ledger, null, null);
    Ec2LaunchTemplates templates = new Ec2LaunchTemplates(groups.groups, made.access);
    return List.of(
        templates,
        new AutoScaling(groups.groups, made.access, made.clouds),
        new Ec2Instances(fleet, made.clouds, made.access, templates.source()),
        new Ec2Addresses(fleet, made.access),
        new Ec2Images(fleet, made.access),
        new Ec2KeyPairs(fleet),
        new IamFeature(fleet.roles(), made.access, clock),
        new SsmFeature(ledger, SecretBox.in(directory), made.access, clock),
        new SsmCommands(fleet, clock),
        new ElbFeature(new ElbFeature.Parts(elb, certificates, made.clouds, made.access, clock)),
        new AcmFeature(elb, certificates, made.access, clock));
  }
}
