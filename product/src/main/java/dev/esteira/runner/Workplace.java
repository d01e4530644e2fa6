package dev.esteira.runner;

import dev.esteira.pipeline.JobRunner;
import dev.esteira.pipeline.Plan;

/**
 * Where a job sees its files: as on CodeBuild, or as GitLab's runner has them.
 *
 * @param builds the directory above all workspaces
 * @param path the workspace
 */
record Workplace(String builds, String path) {
  private static final String CODEBUILD = "/codebuild/output/src";
  private static final String GITLAB = "/builds";

  static Workplace of(JobRunner.Assignment assignment) {
    String project = assignment.run().project();
    return isScript(assignment.job())
        ? new Workplace(GITLAB, GITLAB + "/" + project)
        : new Workplace(
            CODEBUILD, CODEBUILD + "/" + project.substring(project.lastIndexOf('/') + 1));
  }

  /** Whether the job is one script, as GitLab's are. */
  static boolean isScript(Plan.Job job) {
    return job.shellRule() == Plan.ShellRule.WHOLE_SCRIPT;
  }
}
