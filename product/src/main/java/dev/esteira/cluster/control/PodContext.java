package dev.esteira.cluster.control;

import dev.esteira.base.Home;
import dev.esteira.cluster.Objects;
import dev.esteira.engine.Engine;
import dev.esteira.net.Networks;
import dev.esteira.store.Ledger;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;

/** What every pod's hands work with. */
record PodContext(
    Home home,
    Objects objects,
    EventWriter events,
    Ledger ledger,
    Engine engine,
    Networks networks,
    ImageSource images,
    ServiceTraffic traffic,
    ProcessEnds ends,
    PodGround ground,
    HolderPool holders,
    ScheduledExecutorService timer,
    InstantSource clock) {}
