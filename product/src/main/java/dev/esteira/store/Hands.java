package dev.esteira.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Carries out the commands of one kind of machine. A command is given again after a failure and
 * after a restart in its midst, so carrying it out twice must come to the same. What came of it
 * goes back as an event, by {@link MachineHost#deliver}, before {@link #carryOut} returns.
 *
 * @param <C> command
 */
public interface Hands<C> {
  /** Called on a virtual thread; it may block. An exception means: try again later. */
  void carryOut(String key, C command) throws Exception;

  /**
   * Commands of one key and one lane are carried out one after the other, in the order in which
   * they were decided; different lanes do not wait for each other. A command that lasts (run this
   * job) and the one that ends it (cancel it) belong in different lanes.
   */
  default String lane(C command) {
    return "";
  }

  /** The last attempt failed; the command will not be given again. */
  default void gaveUp(String key, C command, Exception cause) {
    Logger log = System.getLogger(Hands.class.getName());
    log.log(Level.ERROR, "gave up " + command.getClass().getSimpleName() + " for " + key, cause);
  }
}
