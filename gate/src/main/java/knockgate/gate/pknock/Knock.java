package knockgate.gate.pknock;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The test {@code -m pknock}, as the module's parser and check leave it.
 *
 * @param name at most 31 bytes: the module cuts longer ones
 * @param protocol IP protocol number of the knocks, TCP or UDP; 0 without knock ports
 * @param ports knock ports, at most 15, 0 to 65535; empty = without {@code --knockports}
 * @param seconds {@code --time}, 1 to 4294967295; 0 = not given
 * @param minutes {@code --autoclose}, 0 = never; null = not given, the same
 * @param strict {@code --strict}
 * @param checkip {@code --checkip}: only asks whether the peer is in
 * @param secrets null = none
 */
record Knock(
    String name,
    int protocol,
    List<Integer> ports,
    long seconds,
    @Nullable Long minutes,
    boolean strict,
    boolean checkip,
    @Nullable Secrets secrets)
    implements Test {
  Knock {
    ports = List.copyOf(ports);
  }

  /**
   * {@code --opensecret} and {@code --closesecret}, at most 31 bytes each: the module cuts longer
   * ones.
   */
  record Secrets(String open, String close) {
    /** Whether a character was cut in half, so that these are not the bytes any more. */
    boolean isDamaged() {
      return open.indexOf('\ufffd') >= 0 || close.indexOf('\ufffd') >= 0;
    }

    /** Says nothing: what is printed must not hold a secret. */
    @Override
    public String toString() {
      return "secrets";
    }
  }

  /** Whether packets are judged: a test with neither ports nor {@code --checkip} does nothing. */
  boolean judges() {
    return !ports.isEmpty();
  }

  int lastPort() {
    return ports.get(ports.size() - 1);
  }

  /** As the module lists it: secrets by their option's name only. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("-m pknock");
    if (judges()) {
      text.append(" --knockports ");
      text.append(ports.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    if (seconds != 0) {
      text.append(" --time ").append(seconds);
    }
    if (minutes != null) {
      text.append(" --autoclose ").append(minutes);
    }
    text.append(" --name ").append(name);
    text.append(secrets == null ? "" : " --opensecret --closesecret");
    text.append(strict ? " --strict" : "").append(checkip ? " --checkip" : "");
    return text.toString();
  }
}
