package dev.esteira.fleet.group;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that a group did, in the words of the Auto Scaling API.
 *
 * @param incarnation which group of that name it was
 * @param details JSON text: where
 */
public record Activity(
    String id,
    String group,
    String incarnation,
    String description,
    String cause,
    Instant startTime,
    Optional<Instant> endTime,
    String statusCode,
    String statusMessage,
    int progress,
    String details) {

  Activity at(String newStatus, int newProgress) {
    return new Activity(
        id,
        group,
        incarnation,
        description,
        cause,
        startTime,
        endTime,
        newStatus,
        statusMessage,
        newProgress,
        details);
  }

  Activity about(String newDescription, String newDetails) {
    return new Activity(
        id,
        group,
        incarnation,
        newDescription,
        cause,
        startTime,
        endTime,
        statusCode,
        statusMessage,
        progress,
        newDetails);
  }

  Activity ended(Instant now, String newStatus, String message) {
    return new Activity(
        id,
        group,
        incarnation,
        description,
        cause,
        startTime,
        Optional.of(now),
        newStatus,
        message,
        100,
        details);
  }
}
