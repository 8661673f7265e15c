package knockgate.gate.conformance;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One rule of the corpus, read without the importer's help: the model must not share its mistakes.
 *
 * @param tests in the order in which they are made
 * @param target ACCEPT, DROP, or null = the packet goes on
 */
record ModelRule(List<Test> tests, @Nullable String target) {
  /** One condition of a rule. */
  sealed interface Test {}

  record Protocol(int number) implements Test {}

  /**
   * @param length how many bits of the address count
   */
  record Source(int address, int length) implements Test {
    boolean holds(int source) {
      return length == 0 || (source ^ address) >>> (Integer.SIZE - length) == 0;
    }
  }

  /** SYN set, and none of ACK, RST and FIN. */
  record Syn() implements Test {}

  /**
   * @param ranges first and last port of each
   * @param headerBytes how much of the header the test must be able to read
   */
  record Ports(List<int[]> ranges, int headerBytes) implements Test {}

  /**
   * The knock test.
   *
   * @param ports empty = without --knockports
   * @param limit {@code --time} in seconds, 0 = none
   * @param autoclose in minutes, 0 = never
   * @param openSecret bytes as characters; null = without secrets
   */
  record Knock(
      String name,
      List<Integer> ports,
      long limit,
      long autoclose,
      boolean strict,
      boolean checkip,
      @Nullable String openSecret,
      @Nullable String closeSecret)
      implements Test {}

  boolean isKnock() {
    return tests.stream().anyMatch(Knock.class::isInstance);
  }

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  /** Most bytes of a name or a secret that the module keeps. */
  private static final int KEPT_BYTES = 31;

  static ModelRule of(String text) {
    List<Test> protocolAndSource = new ArrayList<>();
    List<Test> matches = new ArrayList<>();
    String target = null;
    List<String> words = words(text);
    for (int i = 0; i < words.size(); i += 2) {
      String value = i + 1 < words.size() ? words.get(i + 1) : "";
      switch (words.get(i)) {
        case "-p" -> protocolAndSource.add(new Protocol(Protocols.number(value)));
        case "-s" -> protocolAndSource.add(source(value));
        case "-j" -> target = value;
        case "--dport" ->
            matches.add(new Ports(List.of(range(value)), text.contains("-p tcp") ? 20 : 8));
        case "--dports" ->
            matches.add(
                new Ports(Arrays.stream(value.split(",", -1)).map(ModelRule::range).toList(), 4));
        case "--syn" -> {
          matches.add(new Syn());
          i--;
        }
        case "-m" -> {
          if (value.equals("pknock")) {
            int end = endOfKnock(words, i + 2);
            matches.add(knock(words.subList(i + 2, end)));
            i = end - 2;
          }
        }
        default -> throw new IllegalArgumentException(words.get(i) + " in " + text);
      }
    }
    protocolAndSource.addAll(matches);
    return new ModelRule(List.copyOf(protocolAndSource), target);
  }

  private static Source source(String prefix) {
    String[] parts = prefix.split("/", 2);
    int length = parts.length == 1 ? Integer.SIZE : Integer.parseInt(parts[1]);
    return new Source(EventPacket.address(parts[0]), length);
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    return words;
  }

  private static final List<String> KNOCK_OPTIONS =
      List.of("--knockports", "--name", "--time", "--autoclose", "--opensecret", "--closesecret");

  private static int endOfKnock(List<String> words, int start) {
    int end = start;
    while (end < words.size()) {
      if (KNOCK_OPTIONS.contains(words.get(end))) {
        end += 2;
      } else if (words.get(end).equals("--strict") || words.get(end).equals("--checkip")) {
        end++;
      } else {
        break;
      }
    }
    return end;
  }

  private static Knock knock(List<String> options) {
    String ports = value(options, "--knockports");
    String name = value(options, "--name");
    String open = value(options, "--opensecret");
    String close = value(options, "--closesecret");
    return new Knock(
        new String(bytes(name == null ? "" : name), StandardCharsets.UTF_8),
        ports == null
            ? List.of()
            : Arrays.stream(ports.split(",", -1))
                .map(port -> Integer.decode(port.strip()))
                .toList(),
        seconds(value(options, "--time")),
        minutes(value(options, "--autoclose")),
        options.contains("--strict"),
        options.contains("--checkip"),
        open == null ? null : kept(open),
        close == null ? null : kept(close));
  }

  /** As many bytes as the module keeps, one character each. */
  private static String kept(String text) {
    return new String(bytes(text), StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, Math.min(bytes.length, KEPT_BYTES));
  }

  private static @Nullable String value(List<String> options, String option) {
    int at = options.indexOf(option);
    return at < 0 ? null : options.get(at + 1);
  }

  /** As the module reads it: digits, whatever follows them, in 32 bits. */
  private static long seconds(@Nullable String value) {
    Matcher digits = Pattern.compile("[+-]?\\d+").matcher(value == null ? "0" : value);
    return digits.lookingAt() ? new BigInteger(digits.group()).longValue() & 0xffff_ffffL : 0;
  }

  private static long minutes(@Nullable String value) {
    return value == null ? 0 : Long.decode(value);
  }

  private static int[] range(String text) {
    String[] ends = text.split(":", -1);
    return new int[] {Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])};
  }
}
