package knockgate.rules.hocon;

import com.typesafe.config.ConfigValue;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import knockgate.rules.policy.Hooks;
import knockgate.rules.policy.Outlets;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * The blocks {@code control}, {@code events} and {@code metrics} of a policy.
 *
 * <pre>
 *   control { socket = "/run/knockgate/control.sock", group = "knockgate" }   # socket = none
 *   events  { to = stdout }           # stdout | journald | none | "/path/of/a/file"
 *   metrics { listen = "127.0.0.1:9469" }     # or "[::1]:9469", or "unix:/path/of/a/socket"
 * </pre>
 */
final class OutletsReader {
  /** What sun_path of struct sockaddr_un holds, its end and our temporary name taken off. */
  private static final int LONGEST_SOCKET_PATH = 90;

  private static final Pattern LISTEN = Pattern.compile("(\\[([^]]+)]|[^\\[\\]:]+):(\\d{1,5})");
  private static final Pattern GROUP = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");
  private static final Prefix LOOPBACK_V4 = Prefix.parse("127.0.0.0/8");
  private static final Prefix LOOPBACK_V6 = Prefix.parse("::1");

  private OutletsReader() {}

  /**
   * Reads them.
   *
   * @param hooks what runs, by name of the door
   */
  static Outlets read(Block root, Map<String, Hooks> hooks) {
    return new Outlets(
        readControl(root.block("control")),
        readEvents(root.block("events")),
        readMetrics(root.block("metrics")),
        hooks);
  }

  private static Outlets.Control readControl(Block control) {
    String socket =
        control.read("socket", Outlets.Control.USUAL_SOCKET, value -> socketPath(value, "none"));
    boolean named = control.has("socket");
    return new Outlets.Control(
        socket.isEmpty() ? null : socket, named, control.readOrNull("group", OutletsReader::group));
  }

  private static String socketPath(ConfigValue value, String none) {
    String text = Scalar.text(value);
    return text.equals(none) ? "" : checkedSocket(text, Scalar.shown(value));
  }

  private static String checkedSocket(String path, String shown) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(shown + " is not an absolute path");
    }
    if (path.length() > LONGEST_SOCKET_PATH) {
      throw new IllegalArgumentException(
          shown + " is longer than " + LONGEST_SOCKET_PATH + " characters, the most for a socket");
    }
    return path;
  }

  private static String group(ConfigValue value) {
    String name = Scalar.text(value);
    if (!GROUP.matcher(name).matches()) {
      throw new IllegalArgumentException(Scalar.shown(value) + " is not the name of a group");
    }
    return name;
  }

  private static Outlets.Events readEvents(Block events) {
    return new Outlets.Events(events.read("to", Outlets.Events.STDOUT, OutletsReader::target));
  }

  private static String target(ConfigValue value) {
    String text = Scalar.text(value);
    boolean known =
        text.equals(Outlets.Events.STDOUT)
            || text.equals(Outlets.Events.JOURNALD)
            || text.equals(Outlets.Events.NONE)
            || text.startsWith("/");
    if (!known) {
      throw new IllegalArgumentException(
          Scalar.shown(value) + " is unclear; write stdout, journald, none or an absolute path");
    }
    return text;
  }

  private static Outlets.@Nullable Metrics readMetrics(Block metrics) {
    boolean toAll = metrics.flag("public", false);
    return metrics.readOrNull("listen", value -> listen(value, toAll));
  }

  private static Outlets.Metrics listen(ConfigValue value, boolean toAll) {
    String text = Scalar.text(value);
    if (text.startsWith("unix:")) {
      return new Outlets.Metrics("", 0, checkedSocket(text.substring(5), Scalar.shown(value)));
    }
    Matcher form = LISTEN.matcher(text);
    int port = form.matches() ? Integer.parseInt(form.group(3)) : 0;
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          Scalar.shown(value)
              + " is no place to listen at; write \"127.0.0.1:9469\", \"[::1]:9469\" or"
              + " \"unix:/run/knockgate/metrics.sock\"");
    }
    String host = form.group(2) == null ? form.group(1) : form.group(2);
    if (!isLoopback(Prefix.parse(host)) && !toAll) {
      throw new IllegalArgumentException(
          host + " can be reached from other machines; if that is wanted, add public = true");
    }
    return new Outlets.Metrics(host, port, "");
  }

  private static boolean isLoopback(Prefix address) {
    return LOOPBACK_V4.contains(address.hi(), address.lo()) || LOOPBACK_V6.equals(address);
  }
}
