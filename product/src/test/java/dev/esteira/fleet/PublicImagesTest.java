package dev.esteira.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in for machine images that others publish. */
class PublicImagesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "al2023-ami-2023.*-x86_64",
        "al2023-ami-*-kernel-6.1-x86_64",
        "amzn2-ami-hvm-*-x86_64-gp2",
        "amzn2-ami-kernel-5.10-hvm-2.0.*-x86_64-gp2",
        "amzn2-ami-hvm*",
        "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*",
        "ubuntu/images/hvm-ssd/ubuntu-focal-20.04-amd64-server-*",
        "ubuntu/images/*/ubuntu-noble-24.04-amd64-server-*",
        "debian-12-amd64-*"
      })
  void imagesAreFoundByTheNamesThatScriptsAskFor(String pattern) {
    String regex = pattern.replace(".", "\\.").replace("*", ".*");
    assertTrue(PublicImages.all().stream().anyMatch(image -> image.name().matches(regex)));
  }

  @Test
  void eachSaysWhatItIsAndWhoseItWouldBe() {
    for (MachineImage image : PublicImages.all()) {
      assertTrue(image.description().startsWith("Stand-in for "), image.description());
      assertTrue(image.shipped() && image.standsIn());
      assertEquals(image, PublicImages.standIn(image.id()));
      assertTrue(image.publisher().isPresent());
    }
    assertEquals(Optional.empty(), PublicImages.owner("ami-0c02fb55956c7d316"));
  }

  @Test
  void anyIdOfTheRightFormIsSomebodysImage() {
    assertTrue(PublicImages.isId("ami-0c02fb55956c7d316"));
    assertTrue(PublicImages.isId("ami-12345678"));
    assertFalse(PublicImages.isId("ami-0c02fb55956c7d31"));
    assertFalse(PublicImages.isId("ami-xxxxxxxx"));
    MachineImage image = PublicImages.standIn("ami-12345678");
    assertEquals("ami-12345678", image.id());
    assertTrue(image.standsIn());
  }

  @Test
  void publicParametersNameThem() {
    String name = "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2";
    String id = PublicImages.parameters().get(name);
    assertTrue(PublicImages.standIn(id).name().startsWith("amzn2-ami-hvm-"), id);
  }
}
