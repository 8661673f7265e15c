package knockgate.rules.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Mark;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.StateSpec;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A parsed HOCON tree to a policy: all mistakes at once, each with file, line, path and cure. Reads
 * no files. {@link Block} does the asking; one class reads one part of the language.
 */
public final class PolicyReader {
  private static final int MOST_DOORS = 65_535;
  private static final int MOST_FIRST_KNOCKS = 1_000_000;
  private static final Pattern RATE = Pattern.compile("(\\d{1,9}) */ *s");
  private static final Map<String, Verdict> VERDICTS =
      Map.of("accept", Verdict.ACCEPT, "drop", Verdict.DROP);

  private PolicyReader() {}

  /**
   * Reads a policy that exists as a tree only.
   *
   * @param parsed as the library parsed it, resolved or not
   * @throws PolicyException with every mistake, except two doors of one name: the library has made
   *     one of them
   */
  public static Policy read(Config parsed) throws PolicyException {
    return read(parsed, null);
  }

  /**
   * Reads a policy.
   *
   * @param parsed as the library parsed it, resolved or not
   * @param source the text it was parsed from, which tells the order of the doors
   * @throws PolicyException with every mistake
   */
  public static Policy read(Config parsed, @Nullable PolicySource source) throws PolicyException {
    return readAll(parsed, source, SecretReader.WITHOUT_FILES);
  }

  /**
   * Reads a policy whose secrets may stand in files.
   *
   * @param secretFiles gives what is in a file that a key such as {@code key-file} names; throws
   *     IllegalArgumentException with a sentence that says why it does not
   * @param keyCheck throws the same for OpenPGP keys that cannot be used
   * @throws PolicyException with every mistake
   */
  public static Policy read(
      Config parsed,
      @Nullable PolicySource source,
      Function<String, Secret> secretFiles,
      Consumer<FwknopGpg> keyCheck)
      throws PolicyException {
    return readAll(parsed, source, new SecretReader(secretFiles, keyCheck));
  }

  private static Policy readAll(Config parsed, @Nullable PolicySource source, SecretReader secrets)
      throws PolicyException {
    List<PolicyProblem> problems = new ArrayList<>();
    Block root = Block.root(resolved(parsed).root(), problems);
    boolean observe = root.word("mode", false, Map.of("enforce", false, "observe", true));
    DoorPlaces places = new DoorPlaces(source, problems);
    DoorReader doorReader = new DoorReader(root.block("defaults"), places, secrets);
    Block queue = root.block("queue");
    Policy policy =
        new Policy(
            QueueReader.read(queue),
            observe,
            root.word("unmatched", Verdict.ACCEPT, VERDICTS),
            root.word("unparsable", Verdict.DROP, VERDICTS),
            root.read("mark", Optional.of(Mark.DEFAULT), PolicyReader::mark).orElse(null),
            root.list("rescue", "\"192.0.2.10\"", value -> Prefix.parse(Scalar.text(value))),
            readLimits(root.block("limits")),
            readDoors(root, doorReader, places),
            OutletsReader.read(root, doorReader.hooks()),
            readState(root.block("state")));
    QueueReader.check(queue, policy);
    root.finish();
    if (!problems.isEmpty()) {
      problems.sort(
          Comparator.comparing(PolicyProblem::file).thenComparingInt(PolicyProblem::line));
      throw new PolicyException(problems);
    }
    return policy;
  }

  private static Config resolved(Config parsed) throws PolicyException {
    try {
      return parsed.resolve(ConfigResolveOptions.noSystem());
    } catch (ConfigException e) {
      throw PolicyException.of(e);
    }
  }

  private static Optional<Mark> mark(ConfigValue value) {
    String text = Scalar.text(value);
    return text.equals("none") ? Optional.empty() : Optional.of(Mark.parse(text));
  }

  private static Limits readLimits(Block limits) {
    return new Limits(
        limits.number("attempts", 65_536, 16, 1 << 24),
        limits.number("grants", 16_384, 1, 1 << 22),
        limits.read("first-knocks", 50, PolicyReader::rate),
        limits.number("prefix-v4", 32, 1, 32),
        limits.number("prefix-v6", 64, 1, 128));
  }

  private static int rate(ConfigValue value) {
    if (value.valueType() == ConfigValueType.NUMBER) {
      String number = Scalar.shown(value);
      throw new IllegalArgumentException(
          "first-knocks = " + number + ": give a unit, such as \"" + number + "/s\"");
    }
    String text = Scalar.text(value).strip();
    if (text.equals("unlimited")) {
      return 0;
    }
    Matcher form = RATE.matcher(text);
    int rate = form.matches() ? Integer.parseInt(form.group(1)) : 0;
    if (rate < 1 || rate > MOST_FIRST_KNOCKS) {
      throw new IllegalArgumentException(
          Scalar.shown(value)
              + " is not a rate; write 1 to "
              + MOST_FIRST_KNOCKS
              + " a second, such as \"50/s\", or unlimited");
    }
    return rate;
  }

  private static StateSpec readState(Block state) {
    return new StateSpec(state.read("file", StateSpec.USUAL, PolicyReader::stateFile));
  }

  private static String stateFile(ConfigValue value) {
    String text = Scalar.text(value);
    boolean isWord = text.equals(StateSpec.USUAL) || text.equals(StateSpec.NONE);
    if (!isWord && (!text.startsWith("/") || text.endsWith("/"))) {
      throw new IllegalArgumentException(
          Scalar.shown(value)
              + " is unclear; write usual, none, or the absolute path of a file, such as"
              + " \"/var/lib/knockgate/state\"");
    }
    return text;
  }

  private static List<Door> readDoors(Block root, DoorReader reader, DoorPlaces places) {
    Block doors = root.block("doors");
    if (doors.keys().size() > MOST_DOORS) {
      doors.problem(
          doors.keys().size() + " doors are too many; a policy has at most " + MOST_DOORS);
    }
    return places.inOrder(doors).stream().map(reader::read).filter(Objects::nonNull).toList();
  }
}
