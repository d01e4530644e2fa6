package dev.esteira.access;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who may do what, and the projects with their variables. Durable; secrets encrypted at rest. */
public interface Access {
  /**
   * Who acts: {@code admin}, {@code job/ID}, {@code pods}, {@code user/NAME}, {@code
   * deploy-token/ID}; with the project it is bound to, if any, and what it is limited to.
   */
  record Principal(String name, Optional<String> project, Optional<Grant> grant) {
    /** Limited to nothing but the project. */
    public Principal(String name, Optional<String> project) {
      this(name, project, Optional.empty());
    }

    public boolean isAdmin() {
      return name.equals("admin");
    }

    /** Whether it may read a project's files: its own; a job also those of its own top group. */
    public boolean mayRead(String path) {
      boolean job = name.startsWith("job/");
      return project
          .map(own -> own.equals(path) || (job && own.contains("/") && top(own).equals(top(path))))
          .orElse(!name.equals("pods"));
    }

    private static String top(String path) {
      return path.split("/", 2)[0];
    }
  }

  /**
   * What a deploy token opens (GitLab, "Deploy tokens", scopes).
   *
   * @param scope {@code project/PATH} or {@code group/PATH}
   * @param rights of {@link DeployTokens#RIGHTS}
   */
  record Grant(String scope, Set<String> rights) {
    public Grant {
      rights = Set.copyOf(rights);
    }

    /** Whether it holds this right for a project, or for an image below a project or group. */
    public boolean allows(String right, String path) {
      String name = scope.substring(scope.indexOf('/') + 1).toLowerCase(Locale.ROOT);
      String asked = path.toLowerCase(Locale.ROOT);
      return rights.contains(right) && (asked.equals(name) || asked.startsWith(name + "/"));
    }
  }

  /** A key pair of the AWS protocols. */
  record AwsKey(String accessKeyId, String secretAccessKey, Principal principal) {}

  /**
   * A project. {@code path} is its name, perhaps with groups ({@code group/sub/name}). {@code
   * defaultBranch} is empty until the first push.
   */
  record Project(String path, Optional<String> defaultBranch, Map<String, String> settings) {
    public Project {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * A variable; secret ones never appear in logs. {@code file} ones become a path in jobs.
   *
   * @param protectedOnly only jobs of protected branches and tags get it
   * @param environment only jobs of these environments get it: a name, or with {@code *}
   */
  record Variable(
      String name,
      String value,
      boolean secret,
      boolean file,
      boolean protectedOnly,
      String environment) {
    /** For the jobs of every branch and environment. */
    public static final String EVERYWHERE = "*";

    public Variable(String name, String value, boolean secret, boolean file) {
      this(name, value, secret, file, false, EVERYWHERE);
    }
  }

  /** Which variables a job may have: by its ref, and by its environment if it has one. */
  record Reader(boolean protectedRef, Optional<String> environment) {}

  /** The 12-digit account of this home. */
  String accountId();

  /** The administrator's token, the password of git and registry for {@code env}. */
  String adminToken();

  /** The administrator's AWS key. */
  AwsKey adminKey();

  /** Makes a token that stands for the principal until {@code lifetime} has passed; durable. */
  String issueToken(Principal principal, Duration lifetime);

  /** Makes an AWS key for the principal, valid for {@code lifetime}; durable. */
  AwsKey issueKey(Principal principal, Duration lifetime);

  /** Ends all tokens and keys of the principal, and forgets what was handed to it. */
  void revoke(Principal principal);

  /** Records that the principal has been told a secret, before it is told; durable. */
  void handed(Principal principal, String secret);

  /** The secrets that were {@link #handed} to the principal of this name; grows only. */
  Set<String> handed(String principal);

  /** Whom a token (password of basic, or bearer) stands for. Compared in constant time. */
  Optional<Principal> byToken(String token);

  Optional<AwsKey> awsKey(String accessKeyId);

  /** Makes it; the same again is fine, other settings are {@code CONFLICT}. */
  Project createProject(String path, Map<String, String> settings);

  Optional<Project> project(String path);

  List<Project> projects();

  /**
   * Whether it may push images of this name: whoever works here may, and a deploy token what it
   * opens. A job may push to its own project and to names that belong to no project of a group, as
   * GitLab's job token opens the images of its own project alone ("CI/CD job token").
   */
  default boolean mayPush(Principal principal, String repository) {
    if (principal.grant().isPresent()) {
      return principal.grant().get().allows("write_registry", repository);
    }
    if (principal.name().startsWith("job/")) {
      Optional<String> owner = projectOfImage(repository);
      return owner.isEmpty() || owner.equals(principal.project());
    }
    return principal.isAdmin() || principal.name().startsWith("user/");
  }

  /** The innermost project of a group whose images have this name; those are in lower case. */
  private Optional<String> projectOfImage(String repository) {
    return projects().stream()
        .map(Project::path)
        .filter(path -> path.contains("/"))
        .filter(path -> (repository + "/").startsWith(path.toLowerCase(Locale.ROOT) + "/"))
        .max(Comparator.comparingInt(String::length));
  }

  void setDefaultBranch(String path, String branch);

  /** Sets variables of {@code project/PATH} or {@code group/PATH}; idempotent. */
  void setVariables(String scope, List<Variable> variables);

  void deleteVariable(String scope, String name);

  List<Variable> variables(String scope);

  /**
   * What a job of the project gets: groups from the outermost in, then the project; of variables
   * with one name in one place, the one whose environment says most.
   */
  List<Variable> effectiveVariables(String projectPath, Reader reader);

  /** What a job of the project gets, of a protected branch and without environment. */
  default List<Variable> effectiveVariables(String projectPath) {
    return effectiveVariables(projectPath, new Reader(true, Optional.empty()));
  }

  /**
   * Whether a ref is protected: the default branch, and what the project's settings {@code
   * protected-branches} and {@code protected-tags} name (comma-separated, with {@code *}).
   */
  boolean isProtected(String projectPath, String ref);

  /** Tokens for machines that deploy. */
  DeployTokens deployTokens();

  /** Signed words about jobs, for those who check them. */
  IdTokens idTokens();
}
