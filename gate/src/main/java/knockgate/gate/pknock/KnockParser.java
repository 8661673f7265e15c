package knockgate.gate.pknock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The options of one {@code -m pknock}, refused where the module's parser (libxt_pknock 3.23) or
 * its check in the kernel refuses them, in their words and in their order.
 */
final class KnockParser {
  /** The options, in the order in which a clash with --checkip is told. */
  enum Option {
    KNOCKPORTS(true),
    OPENSECRET(true),
    CLOSESECRET(true),
    TIME(true),
    AUTOCLOSE(true),
    NAME(true),
    STRICT(false),
    CHECKIP(false);

    final boolean takesValue;

    Option(boolean takesValue) {
      this.takesValue = takesValue;
    }

    /** As it is written, such as {@code --name}. */
    String text() {
      return "--" + name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String MODULE = "xt_pknock: ";
  private static final int MOST_PORTS = 15;

  /** Bytes of a name or a secret that the module has room for. */
  private static final int KEPT_BYTES = 31;

  private final PortNames portNames;
  private final Map<Option, String> given = new EnumMap<>(Option.class);
  private int protocol;
  private List<Integer> ports = List.of();
  private long seconds;
  private long minutes;

  KnockParser(PortNames portNames) {
    this.portNames = portNames;
  }

  /**
   * Takes one option.
   *
   * @param value empty for an option without one
   * @param inverted whether a {@code !} stands before it
   * @param soFar the rule's protocol as far as it has been read; knock ports need it
   */
  void take(Option option, String value, boolean inverted, ProtocolOption soFar)
      throws RuleException {
    if (given.containsKey(option)) {
      throw refused("cannot use " + option.text() + " twice.");
    }
    switch (option) {
      case KNOCKPORTS -> {
        String word = protocolOf(soFar);
        protocol = soFar.number();
        ports = readPorts(value, word);
      }
      case TIME -> seconds = readSeconds(value);
      case AUTOCLOSE -> minutes = readMinutes(value);
      default -> {}
    }
    given.put(option, value);
    if (inverted) {
      throw refused("does not support invert.");
    }
  }

  private static String protocolOf(ProtocolOption soFar) throws RuleException {
    if (!soFar.inverted() && soFar.number() == IpProtocol.TCP) {
      return "tcp";
    }
    if (!soFar.inverted() && soFar.number() == IpProtocol.UDP) {
      return "udp";
    }
    throw refused(soFar.isAny() ? "needs `-p tcp' or `-p udp'" : "only works with TCP and UDP.");
  }

  private List<Integer> readPorts(String list, String protocolWord) throws RuleException {
    List<Integer> read = new ArrayList<>();
    for (String port : list.split(",", -1)) {
      if (read.size() == MOST_PORTS) {
        throw new RuleException("too many ports specified");
      }
      read.add(portNames.port(port, protocolWord));
    }
    return read;
  }

  private static long readSeconds(String time) throws RuleException {
    long read = CNumbers.atoi(time);
    if (read == 0) {
      throw refused("--time number must be > 0.");
    }
    return read;
  }

  private static long readMinutes(String autoclose) throws RuleException {
    Long read = CNumbers.unsigned(autoclose, CNumbers.MOST_32_BIT);
    if (read == null) {
      throw refused(": Bad value for \"--autoclose\" option: \"" + autoclose + "\"");
    }
    return read;
  }

  /** The finished test, or the reason why the parser or the kernel would not have it. */
  Knock finish() throws RuleException {
    checkAsParser();
    String name = kept(Option.NAME);
    String open = kept(Option.OPENSECRET);
    String close = kept(Option.CLOSESECRET);
    if (given.containsKey(Option.OPENSECRET)) {
      if (ports.size() != 1) {
        throw refusedByKernel("--opensecret must have just one knock port");
      }
      if (open.equals(close)) {
        throw refusedByKernel("opensecret & closesecret cannot be equal.");
      }
    }
    // The name becomes a file below /proc/net/xt_pknock.
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/")) {
      throw refusedByKernel("add_rule() error in checkentry() function.");
    }
    return new Knock(
        name,
        protocol,
        ports,
        seconds,
        given.containsKey(Option.AUTOCLOSE) ? minutes : null,
        given.containsKey(Option.STRICT),
        given.containsKey(Option.CHECKIP),
        given.containsKey(Option.OPENSECRET) ? new Knock.Secrets(open, close) : null);
  }

  private void checkAsParser() throws RuleException {
    if (!given.containsKey(Option.NAME)) {
      throw refused("--name option is required.");
    }
    boolean open = given.containsKey(Option.OPENSECRET);
    boolean close = given.containsKey(Option.CLOSESECRET);
    if (given.containsKey(Option.CHECKIP)) {
      for (Option option :
          List.of(
              Option.KNOCKPORTS,
              Option.OPENSECRET,
              Option.CLOSESECRET,
              Option.TIME,
              Option.AUTOCLOSE)) {
        if (given.containsKey(option)) {
          boolean secret = option == Option.OPENSECRET || option == Option.CLOSESECRET;
          String what = secret ? "--opensecret and --closesecret" : option.text();
          throw refused("cannot specify " + what + " with --checkip.");
        }
      }
    } else if (given.containsKey(Option.KNOCKPORTS) && open != close) {
      throw refused(
          open
              ? "--opensecret must go with --closesecret."
              : "--closesecret must go with --opensecret.");
    } else if (!open && !given.containsKey(Option.TIME)) {
      throw refused("you must specify --time.");
    }
  }

  private String kept(Option option) {
    byte[] bytes = given.getOrDefault(option, "").getBytes(StandardCharsets.UTF_8);
    return new String(bytes, 0, Math.min(bytes.length, KEPT_BYTES), StandardCharsets.UTF_8);
  }

  private static RuleException refused(String sentence) {
    return new RuleException(MODULE + sentence);
  }

  private static RuleException refusedByKernel(String log) {
    return new RuleException("Invalid argument (kernel log: " + MODULE + log + ")");
  }
}
