package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that a push answers with, in a real browser. */
@Tag("system")
class RunPageTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String STATE = "document.querySelector('h1 b').textContent";
  private static final String JOBS = "document.getElementById('jobs').textContent";
  private static final String LOG = "document.querySelector('#jobs pre').textContent";

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void statesAndLogChangeWhileOneLooks() throws IOException {
    try (Browser browser = new Browser(Files.createDirectory(directory.resolve("profile")))) {
      // Given a run that waits for a word from outside
      Delivery delivery = new Delivery(house, directory, "looked-at");
      String word = delivery.project() + "-go";
      delivery.commands(
          "echo '<b>waiting</b> & looking'; aws eks update-kubeconfig --name esteira",
          "until kubectl get configmap " + word + " 2> /dev/null; do sleep 0.1; done",
          "echo heard the word");
      String pushed = delivery.push();

      // When an administrator opens its page by the link on the first page
      browser.logIn("admin", Files.readString(house.home().resolve("keys/admin-token")).strip());
      browser.open(house.endpoints().path("console").asText() + "/");
      String run = delivery.lastRun().path("id").asText();
      String link = "document.querySelector('a[href=\"/runs/" + run + "\"]')";
      browser.await("document.readyState === 'complete' && " + link + " !== null");
      browser.value(link + ".click()");

      // Then it is the page that the push named, and shows what happens so far
      browser.await("document.querySelector('#jobs pre') !== null");
      assertTrue(pushed.contains(browser.value("location.href")), pushed);
      browser.await(LOG + ".includes('<b>waiting</b> & looking\\n')");
      browser.await(STATE + " === 'running'");
      browser.await(JOBS + ".includes('running 1 steps done')");

      // When the word comes, then the same page shows the rest and the end
      browser.value("window.unchanged = 'yes'");
      delivery.shell().bash(MINUTE, "kubectl create configmap " + word).orFail();
      browser.await(STATE + " === 'succeeded' && " + LOG + ".includes('heard the word')");
      browser.await(JOBS + ".includes('3 steps done')");
      assertEquals("yes", browser.value("window.unchanged"));
      assertEquals("0", browser.value("document.querySelectorAll('#jobs pre b').length"));
      String stamped = "(?s).*\\d\\d:\\d\\d:\\d\\d\\.\\d{3}heard the word\\n.*";
      assertTrue(browser.value(LOG).matches(stamped));
      delivery.shell().bash(MINUTE, "kubectl delete configmap " + word).orFail();
    }
  }

  @Test
  void aFailedRunSaysWhy() throws IOException {
    try (Browser browser = new Browser(Files.createDirectory(directory.resolve("profile")))) {
      Delivery delivery = new Delivery(house, directory, "failing");
      delivery.commands("echo before", "exit 7");
      delivery.push();
      browser.open(
          house.endpoints().path("console").asText()
              + "/runs/"
              + delivery.lastRun().path("id").asText());
      browser.await("document.querySelector('#jobs pre') !== null && " + STATE + " === 'failed'");
      browser.await(LOG + ".includes('before')");
      String why = browser.value("document.getElementById('failure').textContent");
      assertTrue(why.contains("7"), why);
    }
  }
}
