package dev.esteira.cluster.control;

/** What pods tell the balancers, ahead of what objects will say. Thread-safe. */
interface ServiceTraffic {
  /** The pod may get requests from now on, where a service selects it. */
  void allow(String podUid);

  /** The pod cannot answer any more: it gets nothing from when this returns. */
  void drop(String podUid);

  /** No new requests; returns when those under way are done, or the grace has passed. */
  void drain(String podUid, long graceMillis);
}
