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

  private static final List<String> RULE_FILES = List.of("accepts", "rejects");

  private Corpus() {}

  /** Where the traces come from, for people. */
  static String place() {
    Path folder = folder();
    String none = SharedFolder.isNamed() ? ", for the folder named has no conformance" : "";
    return folder == null ? "the shipped corpus" + none : folder.toString();
  }

  private static @Nullable Path folder() {
    return SharedFolder.of("conformance");
  }

  /** Every trace of every file, one at least. */
  static List<Trace> traces() {
    List<Trace> traces = new ArrayList<>();
    for (String file : traceFiles()) {
      if (read(file) instanceof List<?> list) {
        list.forEach(each -> traces.add(trace(file, object(each))));
      } else {
        System.out.println(file + ".json in " + place() + " is no list of traces: left out");
      }
    }
    if (traces.isEmpty()) {
      throw new AssertionError("no traces in " + place());
    }
    return traces;
  }

  private static List<String> traceFiles() {
    Path folder = folder();
    if (folder == null) {
      return SHIPPED;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .filter(name -> !RULE_FILES.contains(name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The entries of {@code accepts} or {@code rejects}; the shipped ones if a folder has none. */
  public static List<Map<String, Object>> rules(String file) {
    return list(read(file)).stream().map(Corpus::object).toList();
  }

  private static Object read(String file) {
    try (InputStream in = open(file)) {
      return requireNonNull(Json.read(in), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String file) throws IOException {
    Path folder = folder();
    Path path = folder == null ? null : folder.resolve(file + ".json");
    if (path != null && Files.exists(path)) {
      return Files.newInputStream(path);
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
    return requireNonNull(json.get(key), key);
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
