package dev.esteira.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Delivery files of line 1's shape with random names: nothing in them was known when the product
 * was written. All files have CRLF line ends. The application answers with the commit's marker.
 */
record StrangerProject(
    String project,
    String image,
    String service,
    String label,
    int port,
    String account,
    String region,
    String branch,
    String registryVariable,
    String clusterVariable,
    String cluster) {

  static StrangerProject random(long seed) {
    Random random = new Random(seed);
    return new StrangerProject(
        "p" + word(random),
        word(random) + "/" + word(random),
        word(random) + "-svc",
        word(random),
        3000 + random.nextInt(5000),
        (1 + random.nextInt(9)) + String.format("%011d", random.nextLong(100_000_000_000L)),
        new String[] {"us-east-1", "sa-east-1", "eu-central-1"}[random.nextInt(3)],
        new String[] {"main", "master", "trunk"}[random.nextInt(3)],
        word(random).toUpperCase(java.util.Locale.ROOT) + "_ACCT",
        word(random).toUpperCase(java.util.Locale.ROOT) + "_CLUSTER",
        word(random));
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < 7; i++) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }

  /** Writes all files into the directory, with this marker for the application to answer. */
  void write(Path directory, String marker) {
    put(directory, "buildspec.yml", buildspec());
    put(directory, "Dockerfile", dockerfile());
    put(directory, "deploy/deployment.yaml", deployment());
    put(directory, "deploy/service.yaml", serviceManifest());
    put(directory, "main.py", python());
    put(directory, "marker.txt", marker + "\n");
  }

  private static void put(Path directory, String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text.replace("\n", "\r\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String registry() {
    return account + ".dkr.ecr." + region + ".amazonaws.com";
  }

  private String buildspec() {
    return """
    version: 0.2

    phases:
      pre_build:
        commands:
          - aws ecr get-login-password --region $AWS_DEFAULT_REGION | docker login --username AWS \
    --password-stdin $REG_VAR.dkr.ecr.$AWS_DEFAULT_REGION.amazonaws.com
          - HUB=$REG_VAR.dkr.ecr.$AWS_DEFAULT_REGION.amazonaws.com
          - TARGET=$HUB/IMAGE_NAME
          - aws eks update-kubeconfig --region $AWS_DEFAULT_REGION --name $CLUSTER_VAR
      build:
        commands:
          - docker build . -t current:latest --build-arg REPO=$HUB
          - docker tag current:latest $TARGET:$CODEBUILD_BUILD_NUMBER
          - docker tag current:latest $TARGET:latest
      post_build:
        commands:
          - docker push $TARGET:$CODEBUILD_BUILD_NUMBER
          - docker push $TARGET:latest
          - kubectl apply -f deploy/deployment.yaml
          - kubectl apply -f deploy/service.yaml
    """
        .replace("REG_VAR", registryVariable)
        .replace("CLUSTER_VAR", clusterVariable)
        .replace("IMAGE_NAME", image);
  }

  private String dockerfile() {
    return """
    ARG REPO
    FROM $REPO/python:3
    RUN pip install Flask
    RUN pip install gunicorn
    COPY main.py /srv/main.py
    COPY marker.txt /srv/marker.txt
    WORKDIR /srv
    CMD ["gunicorn", "-b", "0.0.0.0:PORT", "main:application"]
    """
        .replace("PORT", String.valueOf(port));
  }

  private static String python() {
    return """
    from flask import Flask

    application = Flask(__name__)


    @application.route("/")
    def marker():
        return open("/srv/marker.txt").read().strip()
    """;
  }

  private String deployment() {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: LABEL
      labels:
        app: LABEL
    spec:
      replicas: 2
      selector:
        matchLabels:
          app: LABEL
      template:
        metadata:
          labels:
            app: LABEL
        spec:
          containers:
          - name: LABEL
            image: REGISTRY/IMAGE_NAME:latest
            ports:
            - containerPort: PORT
    """
        .replace("LABEL", label)
        .replace("REGISTRY", registry())
        .replace("IMAGE_NAME", image)
        .replace("PORT", String.valueOf(port));
  }

  private String serviceManifest() {
    return """
    apiVersion: v1
    kind: Service
    metadata:
      name: SERVICE
    spec:
      type: LoadBalancer
      selector:
        app: LABEL
      ports:
      - protocol: TCP
        port: 80
        targetPort: PORT
    """
        .replace("SERVICE", service)
        .replace("LABEL", label)
        .replace("PORT", String.valueOf(port));
  }
}
