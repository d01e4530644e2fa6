package dev.esteira.git;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a smart HTTP request asks for (gitprotocol-http): a project and a service.
 *
 * @param repositoryPath the path of the repository's own address, as it was sent
 */
record GitRequest(String project, String repositoryPath, String service, boolean advertisement) {
  static final String UPLOAD = "git-upload-pack";
  static final String RECEIVE = "git-receive-pack";

  private static final String SERVICES = "/(info/refs|git-upload-pack|git-receive-pack)";
  private static final Pattern FORM =
      Pattern.compile("(/+(?:git|v1/repos)/+(.+?)(?:\\.git)?/*)" + SERVICES);

  /** As GitLab names repositories: {@code /group/sub/project.git}, the ending optional. */
  private static final Pattern PLAIN_FORM = Pattern.compile("(/+(.+?)(?:\\.git)?/*)" + SERVICES);

  /** Nothing when the path is none of a repository. */
  static Optional<GitRequest> parse(String path, String serviceParameter) {
    Matcher shaped = FORM.matcher(path);
    Matcher matcher = shaped.matches() ? shaped : PLAIN_FORM.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    boolean advertisement = matcher.group(3).equals("info/refs");
    String service = advertisement ? serviceParameter : matcher.group(3);
    return Optional.of(new GitRequest(matcher.group(2), matcher.group(1), service, advertisement));
  }

  boolean known() {
    return service.equals(UPLOAD) || service.equals(RECEIVE);
  }
}
