package dev.esteira.names;

import dev.esteira.base.EsteiraException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The name server of all sandboxes (RFC 1035, UDP and TCP): real names of clouds lead to the house,
 * services of the cluster to their addresses, everything else is asked of the host's own servers
 * with a limit of 2 s. Publishers of downloads lead to the house where those know no address.
 */
public final class NameServer implements AutoCloseable {
  /** Addresses of names that belong to the cluster; empty when the name is not the cluster's. */
  @FunctionalInterface
  public interface ClusterNames {
    /** {@code name} is lower-case without the last dot. An empty list means NXDOMAIN. */
    Optional<List<String>> addresses(String name);
  }

  private static final Logger LOG = Logger.getLogger(NameServer.class.getName());
  private static final int FORWARD_LIMIT_MILLIS = 2_000;
  private static final int MESSAGE_BYTES_MAX = 65_535;
  private static final int OPEN_QUERIES_MAX = 256;
  private static final long ANSWER_TTL_SECONDS = 5;

  private final String houseAddress;
  private final ClusterNames cluster;
  private final List<InetAddress> upstream;
  private final Semaphore open = new Semaphore(OPEN_QUERIES_MAX);
  private @Nullable DatagramSocket udp;
  private @Nullable ServerSocket tcp;

  public NameServer(String houseAddress, ClusterNames cluster) {
    this(houseAddress, cluster, hostServers(houseAddress));
  }

  NameServer(String houseAddress, ClusterNames cluster, List<InetAddress> upstream) {
    this.houseAddress = houseAddress;
    this.cluster = cluster;
    this.upstream = List.copyOf(upstream);
  }

  /** Listens on UDP and TCP; returns the port. */
  public int listen(InetSocketAddress address) {
    try {
      DatagramSocket datagrams = new DatagramSocket(address);
      udp = datagrams;
      ServerSocket streams = new ServerSocket();
      streams.setReuseAddress(true);
      streams.bind(new InetSocketAddress(address.getAddress(), datagrams.getLocalPort()));
      tcp = streams;
      Thread.ofVirtual().name("dns-udp").start(() -> serveUdp(datagrams));
      Thread.ofVirtual().name("dns-tcp").start(() -> serveTcp(streams));
      return datagrams.getLocalPort();
    } catch (IOException e) {
      close();
      throw EsteiraException.unavailable("could not listen for DNS on " + address, e);
    }
  }

  private void serveUdp(DatagramSocket socket) {
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        socket.receive(packet);
        if (open.tryAcquire()) {
          Thread.ofVirtual().start(() -> answerPacket(socket, packet));
        }
      } catch (IOException e) {
        if (!socket.isClosed()) {
          LOG.log(Level.WARNING, "could not receive a DNS query", e);
        }
      }
    }
  }

  private void answerPacket(DatagramSocket socket, DatagramPacket packet) {
    try {
      byte[] query = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
      byte[] answer = answer(query, false);
      if (answer.length > 0) {
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      LOG.log(Level.FINE, "could not answer a DNS query", e);
    } finally {
      open.release();
    }
  }

  private void serveTcp(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> answerStream(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          LOG.log(Level.WARNING, "could not accept a DNS connection", e);
        }
      }
    }
  }

  private void answerStream(Socket socket) {
    try (socket) {
      socket.setSoTimeout(10_000);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] query = new byte[in.readUnsignedShort()];
      in.readFully(query);
      byte[] answer = answer(query, true);
      out.writeShort(answer.length);
      out.write(answer);
      out.flush();
    } catch (IOException e) {
      LOG.log(Level.FINE, "a DNS connection ended early", e);
    }
  }

  /** The answer to a query in wire form; empty when there is nothing to answer. */
  byte[] answer(byte[] wire, boolean stream) throws IOException {
    Message query = new Message(wire);
    Record question = query.getQuestion();
    if (question == null) {
      return new byte[0];
    }
    String name = question.getName().toString(true).toLowerCase(Locale.ROOT);
    Optional<List<String>> ours = addresses(name);
    if (ours.isPresent()) {
      return local(query, question, ours.get());
    }
    byte[] theirs = forward(query, wire, stream);
    boolean mirrored = RealNames.meaning(name).orElse(null) instanceof RealNames.Downloads;
    return mirrored && isWithoutAddress(theirs)
        ? local(query, question, List.of(houseAddress))
        : theirs;
  }

  private static boolean isWithoutAddress(byte[] wire) throws IOException {
    Message answer = new Message(wire);
    return answer.getRcode() != Rcode.NOERROR || answer.getSection(Section.ANSWER).isEmpty();
  }

  private Optional<List<String>> addresses(String name) {
    Optional<List<String>> service = cluster.addresses(name);
    if (service.isPresent()) {
      return service;
    }
    return RealNames.meaning(name)
        .filter(m -> !(m instanceof RealNames.DockerHub || m instanceof RealNames.Downloads))
        .map(m -> List.of(houseAddress));
  }

  private static byte[] local(Message query, Record question, List<String> addresses)
      throws IOException {
    Message answer = reply(query, question);
    answer.getHeader().setFlag(Flags.AA);
    if (addresses.isEmpty()) {
      answer.getHeader().setRcode(Rcode.NXDOMAIN);
    }
    if (question.getType() == Type.A || question.getType() == Type.ANY) {
      Name name = question.getName();
      for (String address : addresses) {
        answer.addRecord(
            new ARecord(name, DClass.IN, ANSWER_TTL_SECONDS, InetAddress.getByName(address)),
            Section.ANSWER);
      }
    }
    return answer.toWire(MESSAGE_BYTES_MAX);
  }

  private static Message reply(Message query, Record question) {
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    if (query.getHeader().getFlag(Flags.RD)) {
      answer.getHeader().setFlag(Flags.RD);
    }
    answer.addRecord(question, Section.QUESTION);
    return answer;
  }

  private byte[] forward(Message query, byte[] wire, boolean stream) throws IOException {
    for (InetAddress server : upstream) {
      try {
        return stream ? askStream(server, wire) : askPacket(server, wire);
      } catch (IOException e) {
        LOG.log(Level.FINE, "the name server " + server + " did not answer", e);
      }
    }
    Record question = query.getQuestion();
    Message failed =
        question == null ? new Message(query.getHeader().getID()) : reply(query, question);
    failed.getHeader().setRcode(Rcode.SERVFAIL);
    return failed.toWire(MESSAGE_BYTES_MAX);
  }

  private static byte[] askPacket(InetAddress server, byte[] wire) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(FORWARD_LIMIT_MILLIS);
      socket.connect(server, 53);
      socket.send(new DatagramPacket(wire, wire.length));
      DatagramPacket answer = new DatagramPacket(new byte[MESSAGE_BYTES_MAX], MESSAGE_BYTES_MAX);
      socket.receive(answer);
      return java.util.Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }

  private static byte[] askStream(InetAddress server, byte[] wire) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server, 53), FORWARD_LIMIT_MILLIS);
      socket.setSoTimeout(FORWARD_LIMIT_MILLIS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(wire.length);
      out.write(wire);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      return answer;
    }
  }

  private static List<InetAddress> hostServers(String houseAddress) {
    try {
      return Files.readAllLines(Path.of("/etc/resolv.conf")).stream()
          .map(String::strip)
          .filter(line -> line.startsWith("nameserver "))
          .map(line -> line.substring("nameserver ".length()).strip())
          .filter(address -> !address.equals(houseAddress))
          .map(NameServer::literal)
          .toList();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "no name servers of the host: /etc/resolv.conf cannot be read", e);
      return List.of();
    }
  }

  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (IOException e) {
      throw EsteiraException.invalid("'" + address + "' in /etc/resolv.conf is no address");
    }
  }

  @Override
  public void close() {
    DatagramSocket datagrams = udp;
    if (datagrams != null) {
      datagrams.close();
    }
    ServerSocket streams = tcp;
    if (streams != null) {
      try {
        streams.close();
      } catch (IOException e) {
        LOG.log(Level.FINE, "could not close the DNS listener", e);
      }
    }
  }
}
