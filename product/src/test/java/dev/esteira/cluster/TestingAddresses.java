package dev.esteira.cluster;

import dev.esteira.base.EsteiraException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** ClusterIPs from 10.96.0.1 on, in memory. */
public final class TestingAddresses implements ServiceAddresses {
  private final Map<String, String> byHolder = new HashMap<>();
  private int next = 1;

  @Override
  public synchronized String take(String holder, Optional<String> wanted) {
    if (wanted.isPresent() && byHolder.containsValue(wanted.get())) {
      throw EsteiraException.conflict("provided IP is already allocated");
    }
    return byHolder.computeIfAbsent(holder, h -> wanted.orElseGet(() -> "10.96.0." + next++));
  }

  @Override
  public synchronized void release(String holder) {
    byHolder.remove(holder);
  }

  synchronized int held() {
    return byHolder.size();
  }
}
