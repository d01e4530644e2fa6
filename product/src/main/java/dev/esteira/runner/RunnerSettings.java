package dev.esteira.runner;

import dev.esteira.base.EsteiraException;
import java.nio.file.Path;

/**
 * What every job of a home gets.
 *
 * @param region the AWS region that jobs are told they run in
 * @param awsEndpointUrl the AWS door on the house address
 * @param consoleUrl where the console and git answer
 * @param kubernetesUrl the cluster's API; empty for none
 * @param caBundle the host's certificates and ours, copied into each sandbox; may be missing
 * @param memoryBytesMax memory of one sandbox
 * @param processesMax processes and threads of one sandbox
 * @param warmImage the image whose sandboxes are made before a job needs one
 * @param warmMax how many of them wait at most; 0 for none
 */
public record RunnerSettings(
    String region,
    String awsEndpointUrl,
    String consoleUrl,
    String kubernetesUrl,
    Path caBundle,
    long memoryBytesMax,
    long processesMax,
    String warmImage,
    int warmMax) {
  private static final long MEMORY_BYTES_MIN = 64L << 20;

  public RunnerSettings {
    if (memoryBytesMax < MEMORY_BYTES_MIN || processesMax < 16) {
      throw EsteiraException.invalid(
          "a sandbox needs at least 64 MiB and 16 processes, but the settings give it "
              + memoryBytesMax
              + " bytes and "
              + processesMax);
    }
  }
}
