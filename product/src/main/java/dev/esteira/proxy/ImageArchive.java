package dev.esteira.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The tar of {@code docker save}, with the names in it translated. Only entries of the known layout
 * pass: a link in the place of {@code manifest.json} would smuggle a list past the translation.
 */
final class ImageArchive {
  private static final int LIST_BYTES_MAX = 8 << 20;
  private static final Pattern LAYER_LINK = Pattern.compile("\\.\\./[0-9a-f]{64}/layer\\.tar");
  private static final Pattern KNOWN =
      Pattern.compile(
          "[0-9a-f]{64}\\.json|[0-9a-f]{64}/(VERSION|json|layer\\.tar)?"
              + "|blobs/?|blobs/sha256/?|blobs/sha256/[0-9a-f]{64}");

  private final NameTranslation names;

  ImageArchive(NameTranslation names) {
    this.names = names;
  }

  /** From the engine to the owner. */
  void outward(InputStream in, OutputStream out) throws IOException {
    copy(in, out, names::outward);
  }

  /** From the owner to the engine. */
  void inward(InputStream in, OutputStream out) throws IOException {
    copy(in, out, tag -> names.image(NameTranslation.parse(tag)));
  }

  private static void copy(InputStream in, OutputStream out, UnaryOperator<String> tags)
      throws IOException {
    TarArchiveInputStream from = new TarArchiveInputStream(in, "UTF-8");
    TarArchiveOutputStream to = new TarArchiveOutputStream(out, "UTF-8");
    to.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    to.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    for (TarArchiveEntry e = from.getNextEntry(); e != null; e = from.getNextEntry()) {
      String name = e.getName().replaceFirst("^(\\./)+", "");
      switch (name) {
        case "manifest.json" -> put(to, e, manifest(text(from, e), tags));
        case "repositories", "index.json", "oci-layout" -> {
          // Older and newer lists of the same; manifest.json says it all.
        }
        default -> pass(from, to, e, name);
      }
    }
    to.finish();
    out.flush();
  }

  private static void pass(
      TarArchiveInputStream from, TarArchiveOutputStream to, TarArchiveEntry e, String name)
      throws IOException {
    boolean layerLink =
        e.isSymbolicLink()
            && name.endsWith("/layer.tar")
            && LAYER_LINK.matcher(e.getLinkName()).matches();
    if (!KNOWN.matcher(name).matches() || !(isRegular(e) || e.isDirectory() || layerLink)) {
      throw EngineError.invalid("'" + name + "' does not belong into an image archive");
    }
    TarArchiveEntry copy =
        layerLink
            ? new TarArchiveEntry(name, TarArchiveEntry.LF_SYMLINK)
            : new TarArchiveEntry(name);
    if (layerLink) {
      copy.setLinkName(e.getLinkName());
    }
    copy.setSize(isRegular(e) ? e.getSize() : 0);
    copy.setModTime(0);
    to.putArchiveEntry(copy);
    if (isRegular(e)) {
      from.transferTo(to);
    }
    to.closeArchiveEntry();
  }

  /** Not a link: {@code isFile} says yes to those. */
  static boolean isRegular(TarArchiveEntry e) {
    return e.isFile() && !e.isSymbolicLink() && !e.isLink();
  }

  private static byte[] text(InputStream in, TarArchiveEntry e) throws IOException {
    if (!isRegular(e) || e.getSize() > LIST_BYTES_MAX) {
      throw EngineError.invalid("'" + e.getName() + "' is no small file in this image archive");
    }
    return in.readNBytes(LIST_BYTES_MAX);
  }

  private static void put(TarArchiveOutputStream to, TarArchiveEntry like, byte[] bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(like.getName().replaceFirst("^(\\./)+", ""));
    entry.setSize(bytes.length);
    entry.setModTime(0);
    to.putArchiveEntry(entry);
    to.write(bytes);
    to.closeArchiveEntry();
  }

  static byte[] manifest(byte[] bytes, UnaryOperator<String> tags) {
    ArrayNode list = Json.array();
    for (JsonNode image : Json.parse(bytes)) {
      ObjectNode copy = Json.object();
      for (String field : List.of("Config", "Layers", "Parent")) {
        if (image.has(field)) {
          copy.set(field, image.get(field));
        }
      }
      ArrayNode named = copy.putArray("RepoTags");
      image.path("RepoTags").forEach(tag -> named.add(tags.apply(tag.asText())));
      list.add(copy);
    }
    return Json.write(list).getBytes(StandardCharsets.UTF_8);
  }
}
