package dev.esteira.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variables that are marked secret appear in no log, live or stored, in no form. */
@Tag("system")
class MaskingTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String PLAIN = "pl4in+S3cret/Wort&x=1 %z";
  private static final String KEY =
      "-----BEGIN KEY-----\nMIzzvQxTesteIraaK9\nhzQ7vTesteIraM4skC\n-----END KEY-----\n";

  private final TestHouse house = TestHouse.shared();

  @TempDir Path directory;

  @Test
  void aSecretIsInNoLogInNoForm() throws IOException {
    // Given a job that prints its secrets in every way it can
    Delivery delivery = new Delivery(house, directory, "masking");
    delivery.secret("PASSWORD", PLAIN).secret("KEY", KEY);
    delivery.file("print.py", printer()).commands("python3 print.py", "echo \"sh: $PASSWORD :sh\"");

    // When it runs, and the log is read while it does, and afterwards
    delivery.push();
    String live = delivery.follow().orFail();
    String stored = house.esteira(MINUTE, "logs", delivery.project()).orFail();
    String json = house.esteira(MINUTE, "logs", "--json", delivery.project()).orFail();

    // Then what was said around them is there, and they are not
    assertTrue(live.contains("sh: *** :sh"), live);
    for (String log : List.of(live, stored, json)) {
      assertTrue(log.contains("the end of the secrets"), log);
      forms().forEach((form, text) -> assertFalse(log.contains(text), form + " in " + log));
    }
    assertEquals(List.of(), kept(), "nor is it in the files of the house");
  }

  /** Every form that the job prints, but for what their ends share with their neighbours. */
  private static Map<String, String> forms() {
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("plain", PLAIN);
    forms.put("half of it", PLAIN.substring(0, 12));
    for (int shift = 0; shift < 3; shift++) {
      byte[] bytes = ("abc".substring(0, shift) + PLAIN).getBytes(StandardCharsets.UTF_8);
      String encoded = Base64.getEncoder().encodeToString(bytes);
      forms.put("base64 at " + shift, encoded.substring(4, encoded.length() - 4));
    }
    forms.put("url", URLEncoder.encode(PLAIN, StandardCharsets.UTF_8));
    forms.put("url with %20", forms.get("url").replace("+", "%20"));
    forms.put("a line of the key", "MIzzvQxTesteIraaK9");
    forms.put("another line of the key", "hzQ7vTesteIraM4skC");
    forms.put("the key in base64", Base64.getEncoder().encodeToString(bytes(KEY)).substring(4, 40));
    return forms;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String printer() {
    return """
    import base64, os, sys, time, urllib.parse
    secret, key = os.environ["PASSWORD"], os.environ["KEY"]
    print("plain", secret)
    sys.stdout.write("split ")
    for i in range(0, len(secret), 5):
        sys.stdout.write(secret[i:i + 5])
        sys.stdout.flush()
        time.sleep(0.3)
    print()
    for shift in range(3):
        print("base64", base64.b64encode(("abc"[:shift] + secret).encode()).decode())
        print("base64", base64.b64encode(("abc"[:shift] + secret + "tail").encode()).decode())
    print("url", urllib.parse.quote(secret), urllib.parse.quote_plus(secret))
    print("key", key)
    print("key in base64", base64.b64encode(key.encode()).decode())
    print("key's lines:", key.splitlines()[2], "and", repr(key), file=sys.stderr)
    print("x" * 65530 + secret + "x" * 100)
    print("the end of the secrets")
    """;
  }

  /** The files of the house, but for the workspace of the job, that hold a form of a secret. */
  private List<String> kept() {
    StringBuilder script = new StringBuilder("grep -rlF");
    forms().values().forEach(text -> script.append(" -e '").append(text).append('\''));
    script.append(" \"$ESTEIRA_HOME\"/{logs,ledger,blobs,run} || true");
    return house
        .bare(directory)
        .bash(MINUTE, script.toString())
        .orFail()
        .lines()
        .filter(file -> !file.isEmpty())
        .toList();
  }
}
