package dev.esteira.images;

import dev.esteira.base.EsteiraException;
import dev.esteira.base.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes the root file system of a recipe as a tar file, from Debian packages by mmdebstrap. */
final class ImageMaker {
  private static final String HOST_RELEASE = "bookworm";
  private static final String UNSTABLE = "sid";
  private static final int MAKE_MINUTES_MAX = 20;
  private static final int LAST_LINES_MAX = 20;
  private static final List<String> PROGRAMS = List.of("mmdebstrap", "dpkg-deb", "chroot");

  private final RecipeFiles files;
  private final Path apt;

  ImageMaker(RecipeFiles files, Path apt) {
    this.files = files;
    this.apt = apt;
  }

  /** Writes the tar; a failure leaves none. */
  void make(ImageRecipe recipe, Path tar, Consumer<String> progress) {
    Programs.requireAll(PROGRAMS);
    Path work = null;
    try {
      work = Files.createTempDirectory("esteira-recipe-");
      files.writeTo(work);
      run(recipe, command(recipe, work, tar), work, progress);
    } catch (IOException e) {
      throw EsteiraException.internal("could not make image " + recipe.name() + ": " + e, e);
    } finally {
      if (work != null) {
        remove(work);
      }
    }
  }

  private List<String> command(ImageRecipe recipe, Path work, Path tar) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Programs.require("mmdebstrap"), "--variant=minbase", "--format=tar"));
    // Nobody needs a half-made image after a power cut, so no package waits for the disk.
    command.add("--dpkgopt=force-unsafe-io");
    for (String unread : List.of("doc", "man", "locale", "info")) {
      command.add("--dpkgopt=path-exclude=/usr/share/" + unread + "/*");
    }
    command.add("--aptopt=Acquire::Languages \"none\"");
    if (recipe.release().equals(UNSTABLE)) {
      // Its lists are valid for a week, and a mirror may lag behind by more.
      command.add("--aptopt=Acquire::Check-Valid-Until \"false\"");
    }
    command.add("--include=" + String.join(",", recipe.packages()));
    command.add("--customize-hook=sh " + work.resolve(recipe.script()) + " \"$1\"");
    command.add(recipe.release());
    command.add(tar.toString());
    command.addAll(AptSources.of(apt, recipe.release(), HOST_RELEASE));
    return command;
  }

  private static void run(
      ImageRecipe recipe, List<String> command, Path work, Consumer<String> progress)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("RECIPE", work.toString());
    builder.environment().put("PATH", Programs.searchPath());
    Process process = builder.start();
    process.getOutputStream().close();
    Deque<String> last = new ArrayDeque<>();
    Thread reader = Thread.ofVirtual().start(() -> follow(process, recipe, last, progress));
    try {
      if (!process.waitFor(MAKE_MINUTES_MAX, TimeUnit.MINUTES)) {
        throw EsteiraException.unavailable(
            "making image " + recipe.name() + " took over " + MAKE_MINUTES_MAX + " minutes", null);
      }
      reader.join();
      if (process.exitValue() != 0) {
        throw EsteiraException.unavailable(
            "making image "
                + recipe.name()
                + " failed; the last that mmdebstrap said:\n"
                + String.join("\n", last),
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EsteiraException.unavailable("interrupted while making " + recipe.name(), e);
    } finally {
      end(process);
    }
  }

  /** Ends it with what it started; mmdebstrap unmounts and cleans up on a TERM. */
  private static void end(Process process) {
    if (process.isAlive()) {
      process.destroy();
      process.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(late -> process).join();
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static void follow(
      Process process, ImageRecipe recipe, Deque<String> last, Consumer<String> progress) {
    long began = System.nanoTime();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last.addLast(line);
        if (last.size() > LAST_LINES_MAX) {
          last.removeFirst();
        }
        if (isStep(line)) {
          long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
          progress.accept(
              String.format(
                  "%s: %s (%d s of about %d s)",
                  recipe.name(), line.substring(3), seconds, recipe.expectedSeconds()));
        }
      }
    } catch (IOException e) {
      // The pipe broke because the program was ended; its exit code tells the rest.
    }
  }

  private static boolean isStep(String line) {
    return line.startsWith("I: ")
        && Stream.of("running apt", "download", "extract", "install", "kept", "creating", "the ")
            .anyMatch(step -> line.startsWith(step, 3));
  }

  static void remove(Path work) {
    try (Stream<Path> all = Files.walk(work)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw EsteiraException.internal("could not remove " + work, e);
    }
  }
}
