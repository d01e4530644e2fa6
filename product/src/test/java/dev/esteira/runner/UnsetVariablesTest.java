package dev.esteira.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnsetVariablesTest {
  private static Set<String> in(String... commands) {
    return UnsetVariables.in(
        List.of(JobScriptTest.section("script", commands)), Set.of("CI_REGISTRY", "JAVA_HOME"));
  }

  @Test
  void whatNobodyHasSetIsNamed() {
    assertEquals(
        Set.of("DOCKER_HUB_USER", "DOCKER_HUB_PASSWORD"),
        in("docker login -u $DOCKER_HUB_USER -p ${DOCKER_HUB_PASSWORD} $CI_REGISTRY $JAVA_HOME"));
  }

  @Test
  void whatTheScriptGivesAValueIsNot() {
    assertEquals(
        Set.of(),
        in(
            "VERSION=1; export NAME=x OTHER=y",
            "for FILE in *; do echo $FILE $VERSION $NAME $OTHER; done",
            "cat x | while read -r LINE; do echo $LINE; done",
            "PATHS+=a; echo $PATHS $HOME $PWD $BASH_SOURCE"));
  }

  @Test
  void whatIsNoVariableOfTheProjectIsNot() {
    assertEquals(
        Set.of(),
        in(
            "echo ${TAG:-latest} \\$REMOTE $lower $1 $$PID",
            "awk '{print $NF}' x",
            "echo $? ${#LIST} $(DATE)"));
    assertEquals(Set.of(), in("source .env", "echo $FROM_FILE"));
    assertEquals(Set.of(), in("cd x && . ./env.sh && echo $FROM_FILE"));
  }
}
