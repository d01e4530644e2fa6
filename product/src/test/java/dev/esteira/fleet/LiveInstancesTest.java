package dev.esteira.fleet;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The real instances keep the contract that their fake keeps. */
@Tag("system")
class LiveInstancesTest extends InstancesContract {
  private static TestingMachines machines;

  @BeforeAll
  static void open() throws IOException {
    machines = new TestingMachines();
  }

  @AfterAll
  static void close() throws IOException {
    machines.close();
  }

  @Override
  protected Instances instances() {
    return machines.fleet().instances();
  }

  @Override
  protected String imageId() {
    return MachineImages.SHIPPED_ID;
  }
}
