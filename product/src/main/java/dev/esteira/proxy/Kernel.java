package dev.esteira.proxy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The system calls that the Java library does not have: openat2, mkdirat, mount, umount2. */
final class Kernel {
  private static final long SYS_OPENAT2 = 437;
  private static final int AT_FDCWD = -100;
  private static final long O_PATH = 0x200000;
  private static final long O_CLOEXEC = 0x80000;
  private static final long O_DIRECTORY = 0x10000;
  private static final long RESOLVE_IN_ROOT = 0x10;
  private static final long RESOLVE_NO_MAGICLINKS = 0x02;
  private static final long MS_BIND = 4096;
  private static final int MNT_DETACH = 2;
  private static final int EEXIST = 17;
  private static final int ENOENT = 2;
  private static final int NAMES_MAX = 64;

  private static final StructLayout ERRNO_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      ERRNO_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Linker LINKER = Linker.nativeLinker();

  private static final MethodHandle SYSCALL =
      handle(
          "syscall",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle MKDIRAT =
      handle(
          "mkdirat",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));
  private static final MethodHandle MOUNT =
      handle(
          "mount",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS));
  private static final MethodHandle UMOUNT2 =
      handle(
          "umount2",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private Kernel() {}

  /** Opens a directory of ours as it is. */
  static Descriptor open(Path directory) throws IOException {
    int fd = openat2(AT_FDCWD, directory.toString(), O_PATH | O_CLOEXEC | O_DIRECTORY, 0);
    if (fd < 0) {
      throw new IOException("could not open " + directory + ": errno " + -fd);
    }
    return new Descriptor(fd);
  }

  /** Ends a mount, at once even when it is in use. */
  static void unmount(Path place) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(ERRNO_STATE);
      int result = (int) UMOUNT2.invokeExact(state, text(arena, place.toString()), MNT_DETACH);
      check(result, state, "umount " + place);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("umount2 could not be called", e);
    }
  }

  /** An open place in the file system, held whatever happens to the names that led to it. */
  static final class Descriptor implements AutoCloseable {
    private final int fd;

    private Descriptor(int fd) {
      this.fd = fd;
    }

    private Path link() {
      return Path.of("/proc/self/fd/" + fd);
    }

    /** Opens a path under this directory, which is the root for every link on the way. */
    Optional<Descriptor> openInRoot(String path) throws IOException {
      int opened = openAt(path, 0);
      if (opened == -ENOENT) {
        return Optional.empty();
      }
      if (opened < 0) {
        throw new IOException("could not open '" + path + "': errno " + -opened);
      }
      return Optional.of(new Descriptor(opened));
    }

    private int openAt(String path, long flags) {
      String relative = path.isEmpty() ? "." : path;
      return openat2(
          fd, relative, O_PATH | O_CLOEXEC | flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }

    /** Makes the directories that are missing on a path under this one; empty if it cannot be. */
    Optional<Descriptor> createDirectories(String path) throws IOException {
      Path names = Path.of(path);
      if (names.getNameCount() > NAMES_MAX) {
        throw new IOException("'" + path + "' has more than " + NAMES_MAX + " parts");
      }
      for (int i = 1; i <= names.getNameCount(); i++) {
        Path part = names.subpath(0, i);
        if (openInRoot(part.toString()).map(Descriptor::closed).isEmpty()) {
          String above = i == 1 ? "" : names.subpath(0, i - 1).toString();
          Optional<Descriptor> parent = openInRoot(above);
          if (parent.isEmpty()) {
            // A link that leads nowhere is in the way.
            return Optional.empty();
          }
          try (Descriptor directory = parent.get()) {
            directory.makeDirectory(part.getFileName().toString());
          }
        }
      }
      return openInRoot(path);
    }

    private boolean closed() {
      close();
      return true;
    }

    private void makeDirectory(String name) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(ERRNO_STATE);
        int result = (int) MKDIRAT.invokeExact(state, fd, text(arena, name), 0755);
        if (result != 0 && errno(state) != EEXIST) {
          check(result, state, "mkdir " + name);
        }
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("mkdirat could not be called", e);
      }
    }

    boolean isDirectory() {
      return Files.isDirectory(link());
    }

    /** The file behind the descriptor: the same for every name of it. */
    String identity() throws IOException {
      return Files.getAttribute(link(), "unix:dev") + ":" + Files.getAttribute(link(), "unix:ino");
    }

    /** Binds the place itself to {@code target}. */
    void bindTo(Path target) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(ERRNO_STATE);
        int result =
            (int)
                MOUNT.invokeExact(
                    state,
                    text(arena, link().toString()),
                    text(arena, target.toString()),
                    MemorySegment.NULL,
                    MS_BIND,
                    MemorySegment.NULL);
        check(result, state, "bind to " + target);
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("mount could not be called", e);
      }
    }

    @Override
    public void close() {
      try {
        MemorySegment state = Arena.ofAuto().allocate(ERRNO_STATE);
        int _ = (int) CLOSE.invokeExact(state, fd);
      } catch (Throwable e) {
        throw new IllegalStateException("close could not be called", e);
      }
    }
  }

  /** The descriptor, or the negative errno. */
  private static int openat2(int directory, String path, long flags, long resolve) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(ERRNO_STATE);
      MemorySegment how = arena.allocate(ValueLayout.JAVA_LONG, 3);
      how.setAtIndex(ValueLayout.JAVA_LONG, 0, flags);
      how.setAtIndex(ValueLayout.JAVA_LONG, 2, resolve);
      long fd =
          (long)
              SYSCALL.invokeExact(
                  state, SYS_OPENAT2, (long) directory, text(arena, path), how, how.byteSize());
      return fd < 0 ? -errno(state) : (int) fd;
    } catch (Throwable e) {
      throw new IllegalStateException("openat2 could not be called", e);
    }
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private static void check(int result, MemorySegment state, String what) throws IOException {
    if (result != 0) {
      throw new IOException("could not " + what + ": errno " + errno(state));
    }
  }

  private static MemorySegment text(Arena arena, String text) {
    return arena.allocateFrom(text, StandardCharsets.UTF_8);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), descriptor, all);
  }
}
