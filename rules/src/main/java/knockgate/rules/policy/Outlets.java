package knockgate.rules.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the gate talks to people and to other programs; nothing here changes a verdict.
 *
 * @param control the control socket
 * @param events where events go
 * @param metrics where metrics are served; null = nowhere
 * @param hooks what runs when a door opens or shuts, by its name; not every door is in it
 */
public record Outlets(
    Control control, Events events, @Nullable Metrics metrics, Map<String, Hooks> hooks) {
  /** What a policy has that says nothing of it. */
  public static final Outlets DEFAULT =
      new Outlets(
          new Control(Control.USUAL_SOCKET, false, null),
          new Events(Events.STDOUT),
          null,
          Map.of());

  public Outlets {
    hooks = Map.copyOf(hooks);
  }

  /**
   * The control socket.
   *
   * @param socket absolute path; null = there is none
   * @param demanded whether the policy itself names the path, so that the gate must not start
   *     without it
   * @param group group whose members may look, but not change; null = none
   */
  public record Control(@Nullable String socket, boolean demanded, @Nullable String group) {
    /** The path where commands look for a gate. */
    public static final String USUAL_SOCKET = "/run/knockgate/control.sock";
  }

  /**
   * Where events go.
   *
   * @param to {@link #STDOUT}, {@link #JOURNALD}, {@link #NONE} or the absolute path of a file
   */
  public record Events(String to) {
    /** Standard output. */
    public static final String STDOUT = "stdout";

    /** Standard output with a priority in front of each line, as sd-daemon(3) has it. */
    public static final String JOURNALD = "journald";

    /** Nowhere. */
    public static final String NONE = "none";

    /** Whether they go to a file. */
    public boolean isFile() {
      return to.startsWith("/");
    }
  }

  /**
   * Where metrics are served: on a TCP port or on a Unix socket.
   *
   * @param host address literal; empty = Unix socket
   * @param port TCP port; 0 = Unix socket
   * @param socket absolute path of the Unix socket; empty = TCP
   */
  public record Metrics(String host, int port, String socket) {}
}
