package dev.esteira.app;

import dev.esteira.base.SocketPaths;
import dev.esteira.blob.DiskBlobStore;
import dev.esteira.git.JgitRepositories;
import dev.esteira.http.JettyHttpServer;
import dev.esteira.images.DebianImages;
import dev.esteira.proxy.EngineProxy;
import dev.esteira.proxy.ScopedEngineProxy;
import dev.esteira.registry.OciRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Sources and images: where they are kept, and the engine's scoped door to them. */
record Warehouse(
    DiskBlobStore blobs,
    ShippingRegistry registry,
    DebianImages images,
    StandIns standIns,
    JgitRepositories repositories,
    ScopedEngineProxy proxy) {
  /** The owner of what a person makes with docker from the host. */
  private static final String HOST = "user/host";

  static Warehouse stock(Foundation base, Parts parts) {
    DiskBlobStore blobs = new DiskBlobStore(base.home().blobs(), base.clock());
    OciRegistry kept =
        new OciRegistry(
            blobs, base.ledger(), base.access(), base.clock(), base.addresses().registryUrl());
    DebianImages images = new DebianImages(base.engine(), kept);
    ShippingRegistry registry = new ShippingRegistry(kept, images);
    StandIns standIns =
        new StandIns(images.standIns(), registry, base.addresses().registry(), base.clock());
    ScopedEngineProxy proxy =
        parts.add(
            new ScopedEngineProxy(
                base.home(),
                base.ledger(),
                handler -> new JettyHttpServer("engine-proxy", handler),
                base.engine(),
                registry,
                base.access(),
                base.addresses().registry(),
                standIns));
    proxy.open(host(base));
    return new Warehouse(
        blobs,
        registry,
        images,
        standIns,
        parts.add(new JgitRepositories(base.home(), base.access(), base.clock())),
        proxy);
  }

  /** The person at the host is its administrator: every path may be mounted. */
  private static EngineProxy.Owner host(Foundation base) {
    return new EngineProxy.Owner(
        HOST,
        base.home().door("host"),
        base.networks().bridge(HOST, false).network(),
        List.of(new EngineProxy.Bind("/", Path.of("/"))),
        base.addresses().house(),
        Optional.empty());
  }

  /** The socket that {@code DOCKER_HOST} names on the host. */
  static String hostSocket(Foundation base) {
    return "unix://" + SocketPaths.reachable(base.home().door("host").resolve("docker.sock"));
  }
}
