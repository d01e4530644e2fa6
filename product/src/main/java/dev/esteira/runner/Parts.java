package dev.esteira.runner;

import dev.esteira.access.Access;
import dev.esteira.base.Home;
import dev.esteira.blob.BlobStore;
import dev.esteira.engine.Engine;
import dev.esteira.images.BaseImages;
import dev.esteira.names.CertificateAuthority;
import dev.esteira.net.Networks;
import dev.esteira.observe.Logs;
import dev.esteira.proxy.EngineProxy;
import dev.esteira.store.Ledger;
import java.time.InstantSource;
import java.util.Optional;

/** The parts of the house that the runner works with. */
public record Parts(
    Home home,
    Ledger ledger,
    BlobStore blobs,
    Access access,
    Engine engine,
    Networks networks,
    EngineProxy proxy,
    BaseImages images,
    Logs logs,
    SourceProvider sources,
    ImageResolver resolver,
    CertificateAuthority authority,
    ParameterStore parameters,
    InstantSource clock) {
  /** What is kept outside of projects, for all jobs. */
  public interface ParameterStore {
    /** The present value of the parameter of this name, secret or not. */
    Optional<String> value(String name);
  }

  /** What jobs leave behind. */
  JobFiles files() {
    return new JobFiles(ledger, blobs, clock);
  }
}
