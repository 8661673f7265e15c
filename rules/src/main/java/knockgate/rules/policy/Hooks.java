package knockgate.rules.policy;

import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import knockgate.rules.words.Prefix;

/**
 * What runs when a door opens to a peer, and when it shuts again: one program each, with fixed
 * arguments and no shell. In an argument stand {@code {peer}}, {@code {door}}, {@code {family}} and
 * {@code {left}} for what {@link Call} says.
 *
 * <p>knockd's start_command, cmd_timeout and stop_command are on-open, autoclose and on-close.
 *
 * @param onOpen program and arguments; empty = nothing runs
 * @param onClose program and arguments; empty = nothing runs
 * @param timeout how long each may run before it is ended
 */
public record Hooks(List<String> onOpen, List<String> onClose, Duration timeout) {
  /** A place in an argument that {@link #filled} fills; group 1 is the word in the braces. */
  public static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w*)}");

  /**
   * What the places in the arguments are filled with.
   *
   * @param peer what the grant covers: an address, or a prefix where the policy says so
   * @param door name of the door
   * @param leftSeconds how long the grant has left, rounded up; 0 = it has no end, or has ended
   */
  public record Call(Prefix peer, String door, long leftSeconds) {
    private String value(MatchResult place) {
      return switch (place.group(1)) {
        case "peer" -> peer.toString();
        case "door" -> door;
        case "family" -> Prefix.isV4(peer.hi(), peer.lo()) ? "ipv4" : "ipv6";
        case "left" -> Long.toString(leftSeconds);
        default -> throw new IllegalStateException("a place that the reader let through");
      };
    }
  }

  public Hooks {
    onOpen = List.copyOf(onOpen);
    onClose = List.copyOf(onClose);
  }

  /** Program and arguments for one call. */
  public static List<String> filled(List<String> argv, Call call) {
    return argv.stream()
        .map(
            argument ->
                PLACEHOLDER
                    .matcher(argument)
                    .replaceAll(place -> Matcher.quoteReplacement(call.value(place))))
        .toList();
  }
}
