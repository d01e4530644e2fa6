package dev.esteira.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.esteira.engine.ImageName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
  @ParameterizedTest
  @CsvSource({
    "node:18, esteira/node:18",
    "node:18.17.1-bullseye, esteira/node:18",
    "node:20-alpine3.18, esteira/node:20",
    "node:14.21-buster-slim, esteira/node:14",
    "node:lts-alpine, esteira/node:24",
    "node, esteira/node:24",
    "node:hydrogen-slim, esteira/node:18",
    "node:alpine, esteira/node:24",
    "docker.io/library/node:16, esteira/node:16",
    "public.ecr.aws/docker/library/node:22-alpine, esteira/node:22",
    "openjdk:8-jdk-alpine, esteira/java:8",
    "openjdk:8u151-jdk-alpine, esteira/java:8",
    "openjdk:17.0.1-jdk-slim, esteira/java:17",
    "openjdk:18, esteira/java:21",
    "eclipse-temurin:21-jre-alpine, esteira/java:21",
    "amazoncorretto:11-alpine-jdk, esteira/java:11",
    "adoptopenjdk/openjdk11:alpine-jre, esteira/java:11",
    "maven:3.8.4-openjdk-17-slim, esteira/maven:17",
    "maven:3.9-eclipse-temurin-21-alpine, esteira/maven:21",
    "maven:3-jdk-8, esteira/maven:8",
    "golang:1.21.3-alpine, esteira/go-slim:1.21",
    "golang:1.19, esteira/go:1.19",
    "golang:alpine, esteira/go-slim:latest",
    "nginx:1.25-alpine, esteira/nginx:1.22",
    "alpine:3.18, esteira/alpine:12",
    "amazonlinux:2023, esteira/yum:12",
    "public.ecr.aws/amazonlinux/amazonlinux:2, esteira/yum:12",
    "registry.access.redhat.com/ubi9/ubi-minimal:9.3, esteira/yum:12",
    "php:8.0-apache, esteira/php-apache:8.2",
    "php:7.4-fpm-alpine, esteira/php-fpm:7.4",
    "php:8.3-cli, esteira/php:8.4",
    "tomcat:8.5-jdk8-openjdk, esteira/tomcat:9-jdk17",
    "tomcat:10.1-jdk21-temurin, esteira/tomcat:10-jdk21",
    "tomcat:latest, esteira/tomcat:10-jdk17",
    "mysql:5.7, esteira/mariadb:10.11",
    "rust:1.75-slim, esteira/rust:13",
    "ruby:2.6.5-alpine, esteira/ruby-slim:2.7",
    "ruby:3.1.2, esteira/ruby:3.1",
    "ruby:3.0-slim-bullseye, esteira/ruby-slim:3.1",
    "ruby:3.2-alpine, esteira/ruby-slim:3.3",
    "registry.docker.com/library/ruby:3.3.0-slim, esteira/ruby-slim:3.3",
    "ruby, esteira/ruby:3.3",
    "nginxinc/nginx-unprivileged:1.25-alpine, esteira/nginx-unprivileged:1.22",
    "memcached:alpine, esteira/memcached:1.6",
    "gcc:12, esteira/buildpack:bookworm",
    "java, esteira/java:8",
    "java:8-jre, esteira/java:8",
    "mcr.microsoft.com/java/jdk:8u192-zulu-alpine, esteira/java:8",
    "mcr.microsoft.com/openjdk/jdk:17-ubuntu, esteira/java:17",
    "gcr.io/distroless/static-debian12:nonroot, esteira/distroless:nonroot",
    "gcr.io/distroless/base, esteira/distroless:root",
    "public.ecr.aws/sam/build-python3.7:latest, esteira/python-slim:3.9",
    "public.ecr.aws/codebuild/amazonlinux2-x86_64-standard:5.0, esteira/standard:1",
    "ubuntu:22.04, esteira/debian:bookworm",
    "python:3.8-slim-buster, esteira/python-slim:3.9",
    "python:3.12, esteira/python:3.11",
    "python:stretch, esteira/python-slim:3.9",
    "python:3.13-alpine, esteira/python-slim:3.13"
  })
  void theNearestRecipeDoesForAGeneralImage(String asked, String recipe) {
    assertEquals(Optional.of(recipe), Catalogue.find(ImageName.parse(asked)).map(Blueprint::name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "team/node:18",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/node:18",
        "registry.gitlab.com/group/nginx",
        "quay.io/library/node:18",
        "node:0.12",
        "python:2.7",
        "ruby:1.9",
        "mcr.microsoft.com/dotnet/sdk:8.0"
      })
  void nothingDoesForOthers(String asked) {
    assertTrue(Catalogue.find(ImageName.parse(asked)).isEmpty());
  }

  @Test
  void aPinnedDigestIsFoundByItsTag() {
    String digest = "sha256:" + "a".repeat(64);
    assertEquals(
        List.of("esteira/node:18", "esteira/node:24"),
        List.of("node:18-slim@" + digest, "node@" + digest).stream()
            .map(name -> Catalogue.find(ImageName.parse(name)).orElseThrow().name())
            .toList());
  }
}
