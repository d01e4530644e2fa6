package dev.esteira.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the code against the package table of ARCHITECTURE.md. */
class ArchitectureTest {
  private static final Pattern ROW = Pattern.compile("^\\| `([a-z.]+)` \\|[^|]*\\| ([^|]+) \\|$");
  private static final Map<String, String> ONLY_IMPORTERS =
      Map.of(
          "java.sql", "store",
          "org.sqlite", "store",
          "org.eclipse.jetty", "http",
          "org.eclipse.jgit", "git");

  private final Map<String, Set<String>> table = readTable();
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.esteira");

  @Test
  void everyImportIsInTheTable() {
    Set<String> forbidden = new TreeSet<>();
    for (JavaClass origin : classes) {
      String from = feature(origin.getPackageName());
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getPackageName();
        if (target.startsWith("dev.esteira") && !allowed(from, feature(target))) {
          forbidden.add(origin.getName() + " uses " + dependency.getTargetClass().getName());
        }
      }
    }
    assertEquals(Set.of(), forbidden);
  }

  @Test
  void outsideLibrariesHaveOneImporterEach() {
    Set<String> forbidden = new TreeSet<>();
    for (JavaClass origin : classes) {
      String from = feature(origin.getPackageName());
      for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getPackageName();
        ONLY_IMPORTERS.forEach((library, owner) -> {
          if (target.startsWith(library) && !from.equals(owner)) {
            forbidden.add(origin.getName() + " uses " + target);
          }
        });
      }
    }
    assertEquals(Set.of(), forbidden);
  }

  @Test
  void theTableHasNoCycle() {
    Map<String, Set<String>> open = new TreeMap<>(table);
    boolean progress = true;
    while (progress && !open.isEmpty()) {
      List<String> free = new ArrayList<>();
      open.forEach((name, imports) -> {
        if (imports.stream().noneMatch(open::containsKey)) {
          free.add(name);
        }
      });
      free.forEach(open::remove);
      progress = !free.isEmpty();
    }
    assertEquals(Map.of(), open);
  }

  @Test
  void everyPackageIsInTheTable() {
    for (JavaClass type : classes) {
      assertTrue(table.containsKey(feature(type.getPackageName())), type.getName());
    }
  }

  private boolean allowed(String from, String to) {
    Set<String> imports = table.getOrDefault(from, Set.of());
    return from.equals(to) || imports.contains("*") || imports.contains(to);
  }

  private String feature(String packageName) {
    String name = packageName.replaceFirst("^dev\\.esteira\\.?", "");
    while (!table.containsKey(name) && name.contains(".")) {
      name = name.substring(0, name.lastIndexOf('.'));
    }
    return name;
  }

  private static Map<String, Set<String>> readTable() {
    Map<String, Set<String>> table = new TreeMap<>();
    for (String line : lines()) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        String imports = row.group(2).strip();
        table.put(row.group(1), imports.equals("-") ? Set.of() : Set.of(imports.split(" +")));
      }
    }
    return table;
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(Path.of(System.getProperty("esteira.root"), "ARCHITECTURE.md"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
