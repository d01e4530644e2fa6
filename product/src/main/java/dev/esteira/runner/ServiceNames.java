package dev.esteira.runner;

import dev.esteira.pipeline.Setting;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The names by which a job reaches a service (GitLab CI/CD, accessing the services). */
final class ServiceNames {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*)");

  private ServiceNames() {}

  /** The aliases, then the forms of the image's name, with and without its registry. */
  static List<String> of(String image, Setting.ServiceContainer service) {
    Set<String> names = new LinkedHashSet<>();
    for (String alias : service.aliases()) {
      names.addAll(List.of(alias.strip().split("[\\s,]+")));
    }
    String bare = bare(image);
    forms(bare, names);
    int slash = bare.indexOf('/');
    String first = slash < 0 ? "" : bare.substring(0, slash);
    if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
      forms(bare.substring(slash + 1), names);
    }
    List<String> valid = new ArrayList<>();
    names.stream().filter(name -> HOST.matcher(name).matches()).forEach(valid::add);
    return valid;
  }

  private static void forms(String path, Set<String> names) {
    names.add(path.replace("/", "__"));
    names.add(path.replace("/", "-"));
  }

  /** Without tag and digest. */
  private static String bare(String image) {
    String name = image.replaceFirst("@.*$", "");
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }

  /** Whether the image is a Docker daemon: the job's own Docker API stands in for it. */
  static boolean isDocker(String image) {
    String bare = bare(image);
    String tag = image.substring(bare.length());
    boolean official = bare.matches("((docker\\.io|index\\.docker\\.io)/)?(library/)?docker");
    return official || (bare.endsWith("/docker") && tag.contains("dind"));
  }
}
