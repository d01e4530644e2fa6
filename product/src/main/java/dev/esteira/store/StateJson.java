package dev.esteira.store;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import dev.esteira.base.EsteiraException;
import dev.esteira.base.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * States, events and commands as JSON. Records of a sealed interface of ours need no annotations:
 * they carry their simple name in a property {@code type}, which therefore never changes.
 */
public final class StateJson {
  private static final ObjectMapper MAPPER = mapper();

  private StateJson() {}

  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw EsteiraException.internal("could not write " + value.getClass() + " as JSON", e);
    }
  }

  public static <T> T read(String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw EsteiraException.internal(
          "could not read the recorded JSON as " + type.getSimpleName(), e);
    }
  }

  private static ObjectMapper mapper() {
    return Json.mapper().copy().setAnnotationIntrospector(new SealedTypes());
  }

  /** Tells Jackson what the sealed interfaces say. */
  private static final class SealedTypes extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
        MapperConfig<?> config, Annotated annotated) {
      JsonTypeInfo.Value written = super.findPolymorphicTypeInfo(config, annotated);
      return written == null
              && annotated instanceof AnnotatedClass type
              && isOneOfSeveral(type.getRawType())
          ? JsonTypeInfo.Value.construct(
              JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, "type", null, false, null)
          : written;
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
      List<NamedType> written = super.findSubtypes(annotated);
      if (written != null) {
        return written;
      }
      List<NamedType> found = new ArrayList<>();
      collect(annotated.getRawType(), found);
      return found.isEmpty() ? null : found;
    }

    @Override
    public @Nullable String findTypeName(AnnotatedClass type) {
      String written = super.findTypeName(type);
      return written == null && isOneOfSeveral(type.getRawType())
          ? type.getRawType().getSimpleName()
          : written;
    }

    private static void collect(Class<?> type, List<NamedType> found) {
      if (!type.isSealed()) {
        return;
      }
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        if (permitted.isSealed()) {
          collect(permitted, found);
        } else {
          found.add(new NamedType(permitted, permitted.getSimpleName()));
        }
      }
    }

    private static boolean isOneOfSeveral(Class<?> type) {
      boolean ours = type.getName().startsWith("dev.esteira.");
      return ours
          && !type.isEnum()
          && (isSealedInterface(type)
              || Arrays.stream(type.getInterfaces()).anyMatch(SealedTypes::isSealedInterface));
    }

    private static boolean isSealedInterface(Class<?> type) {
      return type.isSealed() && type.isInterface();
    }
  }
}
