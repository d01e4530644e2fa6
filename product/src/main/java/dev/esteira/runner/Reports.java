package dev.esteira.runner;

import dev.esteira.base.EsteiraException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the reports that mean something here: dotenv, and JUnit's XML. */
final class Reports {
  private static final int DOTENV_BYTES_MAX = 5 << 10;
  private static final int VARIABLES_MAX = 150;
  private static final int FAILED_NAMES_MAX = 50;

  private Reports() {}

  /** Variables line by line, {@code NAME=value} (GitLab CI/CD, artifacts:reports:dotenv). */
  static Map<String, String> dotenv(Collection<Path> files) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (Path file : files) {
      byte[] bytes = read(file);
      if (bytes.length > DOTENV_BYTES_MAX) {
        throw EsteiraException.limit(
            file.getFileName() + " has more than " + DOTENV_BYTES_MAX + " bytes");
      }
      new String(bytes, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> variable(file, line, variables));
    }
    if (variables.size() > VARIABLES_MAX) {
      throw EsteiraException.limit("dotenv reports name more than " + VARIABLES_MAX + " variables");
    }
    return variables;
  }

  private static void variable(Path file, String line, Map<String, String> variables) {
    int equals = line.indexOf('=');
    String name = equals < 0 ? line : line.substring(0, equals).strip();
    if (equals < 0 || !name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw EsteiraException.invalid(
          file.getFileName() + ": '" + line + "' is not NAME=value, the form of a dotenv report");
    }
    variables.put(name, line.substring(equals + 1).strip());
  }

  private static byte[] read(Path file) {
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(DOTENV_BYTES_MAX + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
  }

  /** The cases of all files together; a file that is no XML is INVALID. */
  static Outcome.Tests junit(Collection<Path> files) {
    int[] counts = new int[3];
    List<String> failed = new ArrayList<>();
    for (Path file : files) {
      try (InputStream in =
          Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        cases(in, counts, failed);
      } catch (IOException e) {
        throw new UncheckedIOException("could not read " + file, e);
      } catch (XMLStreamException e) {
        throw EsteiraException.invalid(
            file.getFileName() + " is no JUnit report: " + e.getMessage());
      }
    }
    return new Outcome.Tests(counts[0], counts[1], counts[2], failed);
  }

  private static void cases(InputStream in, int[] counts, List<String> failed)
      throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    // A job wrote it: nothing is fetched, nothing is expanded.
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLStreamReader xml = factory.createXMLStreamReader(in);
    String name = "";
    boolean bad = false;
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        switch (xml.getLocalName()) {
          case "testcase" -> {
            name = attribute(xml, "classname") + "." + attribute(xml, "name");
            bad = false;
            counts[0]++;
          }
          case "failure", "error" -> {
            counts[1] += bad ? 0 : 1;
            if (!bad && failed.size() < FAILED_NAMES_MAX) {
              failed.add(name);
            }
            bad = true;
          }
          case "skipped" -> counts[2]++;
          default -> {
            // Suites, output and properties say nothing about how a case ended.
          }
        }
      }
    }
  }

  private static String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null ? "" : value;
  }
}
