package dev.esteira.cluster.control;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sees processes end within about a millisecond, by pidfd (pidfd_open(2), Linux 5.3): the engine
 * tells some 30 ms later. One thread polls all of them. Where the kernel has no pidfd nothing is
 * told here, and the engine's word is enough.
 */
final class ProcessEnds implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ProcessEnds.class.getName());
  private static final long PIDFD_OPEN = 434;
  private static final short POLLIN = 1;
  private static final int POLLFD_BYTES = 8;

  /** New processes are looked at after this long at the latest. */
  private static final int ROUND_MILLIS = 20;

  private static final int IDLE_ROUND_MILLIS = 50;

  private record Watched(int descriptor, Runnable ended) {}

  private final ConcurrentLinkedQueue<Watched> added = new ConcurrentLinkedQueue<>();
  private final Map<Integer, Runnable> watched = new HashMap<>();
  private final MethodHandle syscall;
  private final MethodHandle poll;
  private final MethodHandle closeDescriptor;
  private volatile boolean closed;

  @SuppressWarnings("restricted") // The launcher grants native access.
  ProcessEnds() {
    Linker linker = Linker.nativeLinker();
    this.syscall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    this.poll =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("poll"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    this.closeDescriptor =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  void start() {
    Thread.ofPlatform().daemon().name("process-ends").start(this::run);
  }

  /** Runs {@code ended} on a thread of its own once the process is gone, or soon if it is. */
  void watch(long pid, Runnable ended) {
    try {
      long descriptor = (long) syscall.invokeExact(PIDFD_OPEN, pid, 0L);
      if (descriptor >= 0) {
        added.add(new Watched((int) descriptor, ended));
      }
    } catch (Throwable e) {
      throw new IllegalStateException("could not call pidfd_open", e);
    }
  }

  private void run() {
    try {
      while (!closed) {
        for (Watched next = added.poll(); next != null; next = added.poll()) {
          watched.put(next.descriptor(), next.ended());
        }
        round();
      }
      for (int descriptor : watched.keySet()) {
        close(descriptor);
      }
    } catch (Throwable e) {
      LOG.log(Level.WARNING, "the watch of processes ended; the engine tells of deaths", e);
    }
  }

  private void round() throws Throwable {
    if (watched.isEmpty()) {
      Thread.sleep(IDLE_ROUND_MILLIS);
      return;
    }
    List<Integer> descriptors = new ArrayList<>(watched.keySet());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate((long) descriptors.size() * POLLFD_BYTES, POLLFD_BYTES);
      for (int i = 0; i < descriptors.size(); i++) {
        all.set(ValueLayout.JAVA_INT, (long) i * POLLFD_BYTES, descriptors.get(i));
        all.set(ValueLayout.JAVA_SHORT, (long) i * POLLFD_BYTES + 4, POLLIN);
      }
      int ready = (int) poll.invokeExact(all, (long) descriptors.size(), ROUND_MILLIS);
      for (int i = 0; ready > 0 && i < descriptors.size(); i++) {
        if (all.get(ValueLayout.JAVA_SHORT, (long) i * POLLFD_BYTES + 6) != 0) {
          int descriptor = descriptors.get(i);
          Runnable ended = watched.remove(descriptor);
          close(descriptor);
          if (ended != null) {
            Thread.ofVirtual().name("process-end").start(ended);
          }
        }
      }
    }
  }

  private void close(int descriptor) throws Throwable {
    int _ = (int) closeDescriptor.invokeExact(descriptor);
  }

  @Override
  public void close() {
    closed = true;
  }
}
