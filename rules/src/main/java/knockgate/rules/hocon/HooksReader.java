package knockgate.rules.hocon;

import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import knockgate.rules.policy.Hooks;
import org.jspecify.annotations.Nullable;

/**
 * What runs when doors open and shut, door after door. What {@code defaults { }} says holds for
 * every door that does not say it itself.
 *
 * <pre>
 *   on-open      = [ "/usr/sbin/ipset", "add", "knocked", "{peer}", "timeout", "{left}" ]
 *   on-close     = [ "/usr/sbin/ipset", "del", "knocked", "{peer}" ]
 *   hook-timeout = 10s                  # at most 10m
 * </pre>
 */
final class HooksReader {
  private static final String EXAMPLE = "\"/usr/local/bin/opened\", \"{peer}\"";
  private static final Set<String> PLACES = Set.of("peer", "door", "family", "left");
  private static final int MOST_ARGUMENTS = 32;
  private static final int LONGEST_ARGUMENT = 256;
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

  private final Hooks defaults;
  private final Map<String, Hooks> all = new LinkedHashMap<>();

  /**
   * @param defaults the block of that name, empty if there is none
   */
  HooksReader(Block defaults) {
    this.defaults = read(defaults, new Hooks(List.of(), List.of(), USUAL_TIMEOUT));
  }

  /** Reads those of a door. */
  void read(Block door) {
    Hooks hooks = read(door, defaults);
    if (!hooks.onOpen().isEmpty() || !hooks.onClose().isEmpty()) {
      all.put(door.name(), hooks);
    }
  }

  /** By name of the door; doors without hooks are not in it. */
  Map<String, Hooks> all() {
    return all;
  }

  private static Hooks read(Block block, Hooks fallback) {
    return new Hooks(
        argv(block, "on-open", fallback.onOpen()),
        argv(block, "on-close", fallback.onClose()),
        timeout(block, fallback.timeout()));
  }

  private static List<String> argv(Block block, String key, List<String> fallback) {
    if (!block.has(key)) {
      return fallback;
    }
    List<String> argv = block.list(key, EXAMPLE, HooksReader::argument);
    if (!argv.isEmpty() && !isProgram(argv.get(0))) {
      block.problem(
          key,
          "\""
              + argv.get(0)
              + "\" is not the absolute path of a program; write "
              + key
              + " = [ "
              + EXAMPLE
              + " ]; no shell reads it");
    }
    if (argv.size() > MOST_ARGUMENTS) {
      block.problem(key, "more than " + MOST_ARGUMENTS + " arguments; put them into a script");
    }
    return argv;
  }

  private static boolean isProgram(String path) {
    return path.startsWith("/") && !path.endsWith("/") && path.indexOf('{') < 0;
  }

  private static String argument(ConfigValue value) {
    String text = Scalar.text(value);
    if (text.length() > LONGEST_ARGUMENT || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "an argument has at most " + LONGEST_ARGUMENT + " characters, none of them NUL");
    }
    Matcher places = Hooks.PLACEHOLDER.matcher(text);
    while (places.find()) {
      if (!PLACES.contains(places.group(1))) {
        throw new IllegalArgumentException(
            "nothing is put for "
                + places.group()
                + "; there are {peer}, {door}, {family} (ipv4 or ipv6) and {left} (seconds)");
      }
    }
    return text;
  }

  private static Duration timeout(Block block, Duration fallback) {
    @Nullable Duration timeout = DurationKey.HOOK_TIMEOUT.read(block, fallback);
    if (timeout == null || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      block.problem(
          DurationKey.HOOK_TIMEOUT.key(), "a hook must end; write a duration of at most 10m");
      return fallback;
    }
    return timeout;
  }
}
