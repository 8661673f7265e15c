package knockgate.gate.conformance;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The recordings: shipped with the tests, or, where the system property {@code knockgate.shared}
 * names a folder, the files of its {@code conformance} folder.
 */
public final class Corpus {
  /** The files of the shipped corpus that hold traces; another folder's are found by looking. */
  private static final List<String> SHIPPED =
      List.of(
          "malformed",
          "multi-rule",
          "random-timed",
          "random-untimed",
          "sequences",
          "spa",
          "spa-clock-quirk",
          "spa-unmodified",
          "tcp-flags",
          "timed",
          "udp");

  private Corpus() {}

  /** Where the traces come from, for people. */
  static String place() {
    Path folder = SharedFolder.of("conformance");
    String none = SharedFolder.isNamed() ? ", for the folder named has no conformance" : "";
    return folder == null ? "the shipped corpus" + none : folder.toString();
  }

  /** Every trace of every file, one at least. */
  static List<Trace> traces() {
    return traces(SharedFolder.of("conformance"));
  }

  /**
   * The same of a folder.
   *
   * @param folder null = the shipped ones
   * @throws AssertionError with the file, and the trace where one is wrong
   */
  static List<Trace> traces(@Nullable Path folder) {
    List<Trace> traces = new ArrayList<>();
    for (String file : folder == null ? SHIPPED : files(folder)) {
      if (!(read(folder, file) instanceof List<?> list)) {
        System.out.println(file + ".json in " + folder + " is no list of traces: left out");
        continue;
      }
      for (int i = 0; i < list.size(); i++) {
        if (!isRule(list.get(i))) {
          traces.add(trace(file, i, list.get(i)));
        }
      }
    }
    if (traces.isEmpty()) {
      throw new AssertionError("no traces in " + (folder == null ? "the shipped corpus" : folder));
    }
    return traces;
  }

  private static List<String> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether an entry is a rule that was tried by itself, not a trace. */
  private static boolean isRule(@Nullable Object entry) {
    return entry instanceof Map<?, ?> map && map.containsKey("rule") && !map.containsKey("events");
  }

  /** The entries of {@code accepts} or {@code rejects}; the shipped ones if a folder has none. */
  public static List<Map<String, Object>> rules(String file) {
    return rules(SharedFolder.of("conformance"), file);
  }

  /** The same of a folder, whatever its files are called: what is refused has an error. */
  static List<Map<String, Object>> rules(@Nullable Path folder, String file) {
    boolean refused = file.equals("rejects");
    List<Map<String, Object>> found =
        (folder == null ? List.<String>of() : files(folder))
            .stream()
                .map(name -> read(folder, name))
                .flatMap(read -> read instanceof List<?> list ? list.stream() : Stream.empty())
                .filter(Corpus::isRule)
                .map(Corpus::object)
                .filter(rule -> rule.containsKey("error") == refused)
                .toList();
    return found.isEmpty() ? list(read(null, file)).stream().map(Corpus::object).toList() : found;
  }

  private static Object read(@Nullable Path folder, String file) {
    try (InputStream in = open(folder, file)) {
      return requireNonNull(Json.read(in), "null");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw new AssertionError(folder + ", " + file + ".json: " + e.getMessage(), e);
    }
  }

  private static InputStream open(@Nullable Path folder, String file) throws IOException {
    if (folder != null) {
      return Files.newInputStream(folder.resolve(file + ".json"));
    }
    InputStream packed = Corpus.class.getResourceAsStream("/conformance/" + file + ".json.gz");
    return new GZIPInputStream(requireNonNull(packed, file));
  }

  // --- from JSON's maps to records
  // ----------------------------------------------------------------

  @SuppressWarnings("unchecked") // the corpus's own form; a wrong one fails at first use
  private static Map<String, Object> object(Object json) {
    return (Map<String, Object>) json;
  }

  @SuppressWarnings("unchecked") // as above
  private static List<Object> list(Object json) {
    return (List<Object>) json;
  }

  private static Object value(Map<String, Object> json, String key) {
    return requireNonNull(json.get(key), () -> "no \"" + key + "\" in " + json.keySet());
  }

  private static Trace trace(String file, int place, Object json) {
    try {
      return trace(file, object(json));
    } catch (RuntimeException e) {
      Object name = json instanceof Map<?, ?> map ? map.get("name") : null;
      throw new AssertionError(
          "%s.json, entry %d (%s): %s".formatted(file, place + 1, name, e.getMessage()), e);
    }
  }

  private static Trace trace(String file, Map<String, Object> json) {
    List<Trace.Event> events = new ArrayList<>();
    for (Object event : list(value(json, "events"))) {
      events.add(event(object(event)));
    }
    return new Trace(
        file,
        (String) value(json, "name"),
        list(value(json, "tags")).stream().map(String.class::cast).toList(),
        list(value(json, "rules")).stream().map(String.class::cast).toList(),
        value(json, "default").equals("ACCEPT"),
        (long) json.getOrDefault("clock_epoch_ms", 0L),
        events,
        perName(object(value(json, "status_after")), Corpus::statusLine));
  }

  private static Trace.Event event(Map<String, Object> json) {
    Object rule = json.get("rule");
    Object state = json.get("state");
    int decided = json.containsKey("rule") ? ReferenceModel.BY_POLICY : Trace.Event.UNKNOWN;
    return new Trace.Event(
        (long) value(json, "t_ms"),
        EventPacket.of(json),
        value(json, "verdict").equals("ACCEPT"),
        (boolean) json.getOrDefault("hotdrop", false),
        rule == null ? decided : Math.toIntExact((long) rule),
        state == null ? null : perName(object(state), Corpus::stateLine));
  }

  private static Map<String, List<String>> perName(
      Map<String, Object> json, Function<Object, String> line) {
    Map<String, List<String>> names = new TreeMap<>();
    json.forEach(
        (name, lines) -> names.put(name, list(lines).stream().map(line).sorted().toList()));
    return names;
  }

  private static String stateLine(Object json) {
    List<Object> record = list(json);
    return record.get(0) + " " + record.get(1) + " " + record.get(2) + " " + record.get(3);
  }

  private static String statusLine(Object json) {
    Map<String, Object> line = object(json);
    return line.get("src")
        + " "
        + line.get("proto")
        + " "
        + line.get("status")
        + " "
        + line.get("accepted_knock_count")
        + ((boolean) value(line, "has_expir_time") ? " expir" : "")
        + ((boolean) value(line, "has_autoclose_time") ? " autoclose" : "");
  }
}
