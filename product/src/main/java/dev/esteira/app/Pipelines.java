package dev.esteira.app;

import dev.esteira.cluster.control.ImageSource;
import dev.esteira.images.BaseImages;
import dev.esteira.pipeline.Dialect;
import dev.esteira.pipeline.DurableRuns;
import dev.esteira.pipeline.RunLimits;
import dev.esteira.pipeline.buildspec.BuildspecDialect;
import dev.esteira.pipeline.gitlab.GitlabDialect;
import dev.esteira.runner.RunnerSettings;
import dev.esteira.runner.SandboxRunner;
import java.util.List;

/** Runs and the sandboxes of their jobs. */
final class Pipelines {
  static final String REGION = "us-east-1";
  private static final long JOB_MEMORY_BYTES_MAX = 4L << 30;
  private static final long JOB_PROCESSES_MAX = 4096;
  private static final int WAITING_SANDBOXES_MAX = 2;

  private Pipelines() {}

  /** Wired, not yet opened. */
  static DurableRuns runs(Foundation base, Warehouse warehouse, ImageSource images, Parts parts) {
    SandboxRunner runner =
        parts.add(
            new SandboxRunner(
                new dev.esteira.runner.Parts(
                    base.home(),
                    base.ledger(),
                    warehouse.blobs(),
                    base.access(),
                    base.engine(),
                    base.networks(),
                    warehouse.proxy(),
                    warehouse.images(),
                    base.logs(),
                    new Sources(
                        warehouse.repositories(), base.access(), base.addresses().consoleUrl()),
                    new JobImageSource(images, warehouse.standIns()),
                    base.authority(),
                    Machines.parameters(base)::value,
                    base.clock()),
                new RunnerSettings(
                    REGION,
                    base.addresses().awsUrl(),
                    base.addresses().consoleUrl(),
                    base.addresses().kubernetesUrl(),
                    base.bundle(),
                    JOB_MEMORY_BYTES_MAX,
                    JOB_PROCESSES_MAX,
                    BaseImages.STANDARD,
                    WAITING_SANDBOXES_MAX)));
    return parts.add(
        new DurableRuns(
            base.ledger(),
            dialects(base),
            new CommitTrees(warehouse.repositories(), base.access()),
            runner,
            base.clock(),
            RunLimits.DEFAULT));
  }

  private static List<Dialect> dialects(Foundation base) {
    GitlabProjects projects = new GitlabProjects(base.access(), new RemoteFiles());
    return new DeliveryFiles(
            projects::setting, new GitlabDialect(projects), new BuildspecDialect(projects::setting))
        .dialects().stream().map(dialect -> (Dialect) new Toolchains(dialect)).toList();
  }
}
