package dev.esteira.cluster.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.esteira.base.Json;
import dev.esteira.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The program that holds a pod's network namespace while its containers come and go: it pauses for
 * ever. It is an ELF file of some 130 bytes, written here, so that no image need be fetched for it.
 */
final class Holder {
  private static final String REPOSITORY = "esteira/pod-holder";
  private static final String TAG = "1";
  private static final long LOAD_ADDRESS = 0x400000L;
  private static final int HEADERS_BYTES = 64 + 56;
  private static final int X86_64 = 62;
  private static final int AARCH64 = 183;

  /** mov eax,34 (pause); syscall; jmp back to the mov. */
  private static final byte[] PAUSE_X86_64 = HexFormat.of().parseHex("b8220000000f05ebf7");

  /** mov x8,73 (ppoll); x0 to x4 = 0; svc 0; back to the first. */
  private static final byte[] PAUSE_AARCH64 =
      HexFormat.of()
          .parseHex("280980d2" + "000080d2" + "010080d2" + "020080d2" + "030080d2" + "040080d2")
          .clone();

  private Holder() {}

  /** The engine's id of the holder's image, made at first use. */
  static String image(Engine engine) {
    return engine
        .inspectImage(REPOSITORY + ":" + TAG)
        .map(i -> i.path("Id").asText())
        .orElseGet(() ->
            engine.importImage(
                new ByteArrayInputStream(tar()),
                REPOSITORY,
                TAG,
                List.of("ENTRYPOINT [\"/hold\"]")));
  }

  private static byte[] tar() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] program = program(System.getProperty("os.arch", "amd64").equals("aarch64"));
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry entry = new TarArchiveEntry("hold");
      entry.setSize(program.length);
      entry.setMode(0555);
      tar.putArchiveEntry(entry);
      tar.write(program);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write a tar in memory", e);
    }
    return bytes.toByteArray();
  }

  /** An executable of one segment (System V ABI, ELF-64 object file format). */
  static byte[] program(boolean arm) {
    byte[] code = arm ? armCode() : PAUSE_X86_64;
    int size = HEADERS_BYTES + code.length;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    file.putShort((short) 2).putShort((short) (arm ? AARCH64 : X86_64)).putInt(1);
    file.putLong(LOAD_ADDRESS + HEADERS_BYTES).putLong(64).putLong(0).putInt(0);
    file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    file.putInt(1).putInt(5).putLong(0).putLong(LOAD_ADDRESS).putLong(LOAD_ADDRESS);
    file.putLong(size).putLong(size).putLong(0x1000);
    return file.put(code).array();
  }

  private static byte[] armCode() {
    byte[] branch = HexFormat.of().parseHex("010000d4" + "f9ffff17");
    return ByteBuffer.allocate(PAUSE_AARCH64.length + branch.length)
        .put(PAUSE_AARCH64)
        .put(branch)
        .array();
  }

  /** The engine's settings for a pod's holder. */
  static ObjectNode config(
      String image, PodNames names, String hostName, String network, PodDns dns, int attempt) {
    ObjectNode config = Json.object();
    config.put("Image", image).put("Hostname", hostName);
    config.set("Labels", names.labels(Optional.empty(), attempt));
    ObjectNode host = host(config, network);
    ArrayNode servers = host.putArray("Dns");
    dns.servers().forEach(servers::add);
    ArrayNode search = host.putArray("DnsSearch");
    dns.searches().forEach(search::add);
    ArrayNode options = host.putArray("DnsOptions");
    dns.options().forEach(options::add);
    return config;
  }

  /** The same for a pod that nobody knows yet; host name and name service are its containers'. */
  static ObjectNode spare(String image, String home, String network) {
    ObjectNode config = Json.object().put("Image", image);
    ObjectNode labels = config.putObject("Labels");
    PodNames.spares(home).forEach(labels::put);
    host(config, network);
    return config;
  }

  private static ObjectNode host(ObjectNode config, String network) {
    // It is the first process of its namespace, so it hears of no other signal.
    config.put("StopSignal", "SIGKILL");
    ObjectNode host = config.putObject("HostConfig");
    host.put("NetworkMode", network).put("ReadonlyRootfs", true);
    host.putArray("CapDrop").add("ALL");
    host.putArray("SecurityOpt").add("no-new-privileges");
    host.putObject("LogConfig").put("Type", "none");
    return host;
  }
}
