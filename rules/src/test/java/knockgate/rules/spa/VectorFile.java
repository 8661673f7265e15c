package knockgate.rules.spa;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Recorded packets of real clients. The shipped ones are gzipped resources; the system property
 * {@code knockgate.shared} names a folder whose {@code vectors/*.json} are read instead, whatever
 * their names: a file is known by what it says its format is. Of a format that the folder does not
 * have, the shipped ones are read.
 */
final class VectorFile {
  private static final List<String> SHIPPED =
      List.of(
          "/vectors/fwknop.json.gz", "/vectors/pknock-spa.json.gz", "/vectors/rotating.json.gz");

  private VectorFile() {}

  /** Every file whose format contains that text, one at least. */
  static List<Map<String, @Nullable Object>> of(String format) {
    String shared = System.getProperty("knockgate.shared", "");
    try {
      List<Map<String, @Nullable Object>> found =
          shared.isEmpty() ? List.of() : having(format, folder(Path.of(shared, "vectors")));
      found = found.isEmpty() ? having(format, shipped()) : found;
      if (found.isEmpty()) {
        throw new AssertionError("no vectors with format \"" + format + "\"");
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The entries of an array, from all files of a format. */
  static List<Map<String, @Nullable Object>> entries(String format, String array) {
    return of(format).stream().flatMap(file -> objects(file, array).stream()).toList();
  }

  static String text(Map<String, @Nullable Object> object, String key) {
    Object value = object.get(key);
    if (value == null) {
      throw new AssertionError("no \"" + key + "\" in " + object.keySet());
    }
    return value.toString();
  }

  /** Null where the key is missing or its value null. */
  static @Nullable String textOrNull(Map<String, @Nullable Object> object, String key) {
    Object value = object.get(key);
    return value == null ? null : value.toString();
  }

  static long number(Map<String, @Nullable Object> object, String key) {
    return Long.parseLong(text(object, key));
  }

  static Map<String, @Nullable Object> object(Map<String, @Nullable Object> object, String key) {
    return asObject(object.get(key));
  }

  @SuppressWarnings("unchecked") // what readValue makes of an array of objects
  static List<Map<String, @Nullable Object>> objects(
      Map<String, @Nullable Object> object, String key) {
    Object array = object.get(key);
    return array == null ? List.of() : (List<Map<String, @Nullable Object>>) array;
  }

  private static List<Map<String, @Nullable Object>> having(
      String format, List<Map<String, @Nullable Object>> files) {
    return files.stream().filter(file -> text(file, "format").contains(format)).toList();
  }

  private static List<Map<String, @Nullable Object>> shipped() throws IOException {
    List<Map<String, @Nullable Object>> files = new ArrayList<>();
    for (String name : SHIPPED) {
      try (InputStream in = Objects.requireNonNull(VectorFile.class.getResourceAsStream(name));
          InputStream json = new GZIPInputStream(in)) {
        files.add(read(json));
      }
    }
    return files;
  }

  private static List<Map<String, @Nullable Object>> folder(Path folder) throws IOException {
    List<Map<String, @Nullable Object>> files = new ArrayList<>();
    try (Stream<Path> listed = Files.list(folder)) {
      for (Path path : listed.filter(p -> p.toString().endsWith(".json")).sorted().toList()) {
        try (InputStream json = Files.newInputStream(path)) {
          files.add(read(json));
        }
      }
    }
    return files;
  }

  private static Map<String, @Nullable Object> read(InputStream json) {
    try (JsonParser parser =
        JsonFactory.builder().build().createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      return asObject(readValue(parser));
    }
  }

  @SuppressWarnings("unchecked") // what readValue makes of an object
  private static Map<String, @Nullable Object> asObject(@Nullable Object value) {
    if (value == null) {
      throw new AssertionError("null where an object is expected");
    }
    return (Map<String, @Nullable Object>) value;
  }

  private static @Nullable Object readValue(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, readValue(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(readValue(parser));
        }
        yield array;
      }
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE, VALUE_FALSE -> token == JsonToken.VALUE_TRUE;
      case VALUE_NULL -> null;
      default -> parser.getString();
    };
  }
}
