package dev.esteira.app;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes the libraries beside the program fit for the cache of loaded classes (JEP 514), which
 * leaves out the classes of signed jars and those whose format is older than Java 6: every command
 * would read, check and link these anew. A jar in which there is something to do is written again
 * without its signature and with its classes in the format of Java 8; what a class does stays.
 */
final class Libraries {
  private static final int FORMAT_WITHOUT_FRAMES = 49;

  private Libraries() {}

  /** The jar that holds this class. */
  static Path program() {
    try {
      var source = Libraries.class.getProtectionDomain().getCodeSource();
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the place of this program is no path", e);
    }
  }

  /** The directory of its libraries. */
  static Path directory() {
    return program().resolveSibling("lib");
  }

  static void prepare(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
        prepareJar(jar);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not prepare the libraries in " + directory, e);
    }
  }

  private static void prepareJar(Path jar) throws IOException {
    Path next = jar.resolveSibling(jar.getFileName() + ".new");
    try (ZipFile from = new ZipFile(jar.toFile())) {
      if (!needsWork(from)) {
        return;
      }
      try (OutputStream out = Files.newOutputStream(next);
          ZipOutputStream to = new ZipOutputStream(out)) {
        for (ZipEntry entry : List.copyOf(from.stream().toList())) {
          if (!isSignature(entry.getName())) {
            copy(from, entry, to);
          }
        }
      }
    }
    Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean needsWork(ZipFile jar) throws IOException {
    for (ZipEntry entry : List.copyOf(jar.stream().toList())) {
      if (isSignature(entry.getName())) {
        return true;
      }
      if (isClass(entry) && isOld(jar.getInputStream(entry).readNBytes(8))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSignature(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return upper.startsWith("META-INF/")
        && upper.indexOf('/', "META-INF/".length()) < 0
        && Stream.of(".SF", ".RSA", ".DSA", ".EC").anyMatch(upper::endsWith);
  }

  private static boolean isClass(ZipEntry entry) {
    return entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/");
  }

  /** By the major version, in bytes 6 and 7 (Java Virtual Machine Specification, 4.1). */
  private static boolean isOld(byte[] head) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(head))) {
      in.skipNBytes(6);
      return in.readUnsignedShort() <= FORMAT_WITHOUT_FRAMES;
    }
  }

  private static void copy(ZipFile from, ZipEntry entry, ZipOutputStream to) throws IOException {
    byte[] bytes = from.getInputStream(entry).readAllBytes();
    ZipEntry copied = new ZipEntry(entry.getName());
    copied.setTime(entry.getTime());
    to.putNextEntry(copied);
    to.write(isClass(entry) && isOld(bytes) ? renewed(bytes) : bytes);
    to.closeEntry();
  }

  private static byte[] renewed(byte[] old) {
    ClassFile format = ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
    ClassTransform frames = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
    return format.transformClass(
        format.parse(old),
        frames.andThen((builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
          } else {
            builder.with(element);
          }
        }));
  }
}
