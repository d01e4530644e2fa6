package dev.esteira.aws;

import java.util.List;

/** Calls of the Elastic Compute Cloud, and the resources with tags behind them. */
public abstract class Ec2Feature extends AwsFeature {
  Ec2Feature() {}

  @Override
  final String service() {
    return Ec2.SERVICE;
  }

  @Override
  final String model() {
    return Ec2.SERVICE;
  }

  /** What create-tags, delete-tags and describe-tags know of. */
  List<Taggable> taggables() {
    return List.of();
  }
}
