package dev.esteira.access;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may do what, and the projects with their variables. Durable; secrets encrypted at rest. */
public interface Access {
  /**
   * Who acts: {@code admin}, {@code job/ID}, {@code pods}, {@code user/NAME}; with the project it
   * is bound to, if any.
   */
  record Principal(String name, Optional<String> project) {
    public boolean isAdmin() {
      return name.equals("admin");
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

  /** A variable; secret ones never appear in logs. {@code file} ones become a path in jobs. */
  record Variable(String name, String value, boolean secret, boolean file) {}

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

  /** Ends all tokens and keys of the principal. */
  void revoke(Principal principal);

  /** Whom a token (password of basic, or bearer) stands for. Compared in constant time. */
  Optional<Principal> byToken(String token);

  Optional<AwsKey> awsKey(String accessKeyId);

  /** Makes it; the same again is fine, other settings are {@code CONFLICT}. */
  Project createProject(String path, Map<String, String> settings);

  Optional<Project> project(String path);

  List<Project> projects();

  void setDefaultBranch(String path, String branch);

  /** Sets variables of {@code project/PATH} or {@code group/PATH}; idempotent. */
  void setVariables(String scope, List<Variable> variables);

  void deleteVariable(String scope, String name);

  List<Variable> variables(String scope);

  /** What a job of the project gets: groups from the outermost in, then the project. */
  List<Variable> effectiveVariables(String projectPath);
}
