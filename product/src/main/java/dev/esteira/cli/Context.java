package dev.esteira.cli;

import dev.esteira.base.Home;

/** What every command has: the home, the machine, and where to print. */
record Context(Home home, LocalHouse local, Output output) {
  HouseClient house() {
    return new HouseClient(home);
  }
}
