package dev.esteira.fleet;

import java.time.InstantSource;

/** The instances of tests keep the contract of the real ones. */
class TestingInstancesTest extends InstancesContract {
  private final TestingInstances instances = new TestingInstances(InstantSource.system());

  @Override
  protected Instances instances() {
    return instances;
  }

  @Override
  protected String imageId() {
    return "ami-1";
  }
}
