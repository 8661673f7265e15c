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
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Recorded packets of real clients. The shipped ones are gzipped resources; the system property
 * {@code knockgate.shared} names a folder whose {@code vectors/*.json} are read instead, whatever
 * their names: a file is known by what it says its format is. Of a format that the folder does not
 * have, the shipped ones are read, and the output says so.
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
          shared.isBlank() ? List.of() : having(format, folder(vectors(shared)));
      if (found.isEmpty()) {
        found = having(format, shipped());
        if (!shared.isBlank()) {
          say("none of format \"" + format + "\" in " + shared + ": the shipped ones are used");
        }
      }
      if (found.isEmpty()) {
        throw new AssertionError("no vectors with format \"" + format + "\"");
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shipped file of a format. */
  static Map<String, @Nullable Object> shipped(String format) {
    try {
      return having(format, shipped()).get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A relative name counts from where Maven was started, not from the module. */
  private static Path vectors(String shared) {
    Path named = Path.of(System.getProperty("knockgate.from", "")).resolve(shared);
    if (!Files.isDirectory(named)) {
      throw new AssertionError("knockgate.shared = " + shared + " is no folder: " + named);
    }
    return named.resolve("vectors");
  }

  /** The vectors of all files of a format, one at least. */
  static List<Map<String, @Nullable Object>> entries(String format) {
    List<Map<String, @Nullable Object>> entries =
        of(format).stream().flatMap(file -> objects(file, "vectors").stream()).toList();
    if (entries.isEmpty()) {
      throw new AssertionError("files with format \"" + format + "\", but no vectors in them");
    }
    return entries;
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
    return files.stream()
        .filter(file -> String.valueOf(file.get("format")).contains(format))
        .toList();
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

  /**
   * Every file of a folder.
   *
   * @throws AssertionError with file and line, where one cannot be read
   */
  static List<Map<String, @Nullable Object>> folder(Path folder) throws IOException {
    List<Map<String, @Nullable Object>> files = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return files;
    }
    try (Stream<Path> listed = Files.list(folder)) {
      for (Path path : listed.filter(p -> p.toString().endsWith(".json")).sorted().toList()) {
        try (InputStream json = Files.newInputStream(path)) {
          files.add(read(json));
        } catch (JacksonException e) {
          int line = e.getLocation().getLineNr();
          throw new AssertionError(path + ", line " + line + ": " + e.getOriginalMessage(), e);
        }
      }
    }
    return files;
  }

  private static void say(String line) {
    System.out.println("vectors: " + line);
  }

  private static Map<String, @Nullable Object> read(InputStream json) {
    try (JsonParser parser =
        JsonFactory.builder().build().createParser(ObjectReadContext.empty(), json)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new StreamReadException(parser, "there is nothing in it");
      }
      // a file that is no object is none of vectors
      return first == JsonToken.START_OBJECT ? asObject(readValue(parser)) : Map.of();
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
