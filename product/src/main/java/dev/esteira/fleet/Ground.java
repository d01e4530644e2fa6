package dev.esteira.fleet;

import dev.esteira.access.Access;
import dev.esteira.base.Home;
import dev.esteira.engine.Engine;
import dev.esteira.images.BaseImages;
import dev.esteira.net.Networks;
import dev.esteira.net.vpc.Clouds;
import dev.esteira.net.vpc.Vpcs;
import dev.esteira.proxy.EngineProxy;
import dev.esteira.store.Ledger;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What a fleet stands on.
 *
 * @param nameServer the address of the house's name server
 * @param rootPem the certificate of our authority
 * @param bundle writes the host's authorities and ours into one file and tells where
 */
public record Ground(
    Home home,
    Ledger ledger,
    Engine engine,
    EngineProxy proxy,
    Vpcs vpcs,
    Clouds clouds,
    Networks networks,
    Access access,
    BaseImages images,
    String region,
    String nameServer,
    String rootPem,
    Supplier<Path> bundle,
    InstantSource clock) {}
