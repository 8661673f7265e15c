package knockgate.gate.control;

import java.util.List;
import java.util.Locale;

/** What can be asked over the control socket, who may ask, and with which keys. */
public enum Ask {
  /** How the gate is: rows gate, latency (two), lane (each), fault (each). */
  STATUS(Access.LOOK),

  /** The lines of /proc/net/xt_pknock/NAME: rows line. */
  PKNOCK(Access.LOOK, "door"),

  /** The doors of the policy: rows door; the sequences only for those who may change. */
  DOORS(Access.LOOK),

  /** Peers in the middle of a sequence: rows attempt. */
  ATTEMPTS(Access.LOOK, "door", "most"),

  /** Who may pass: rows grant. */
  GRANTS(Access.LOOK, "door", "most"),

  /** What became of a peer, and what was missing: rows state, seen and missing. */
  WHY(Access.LOOK, "peer"),

  /** The latest events, as they are written elsewhere; follow=yes goes on with what comes. */
  EVENTS(Access.LOOK, "most", "follow"),

  /** Opens a door: rows grant. Without {@code for}, for as long as the door says. */
  GRANT(Access.CHANGE, "door", "peer", "for"),

  /** Moves the end of grants: rows grant. */
  EXTEND(Access.CHANGE, "door", "peer", "for"),

  /** Takes grants back: rows grant. */
  REVOKE(Access.CHANGE, "door", "peer"),

  /** Reads the policy again: rows waiting, the keys that wait for a restart. */
  RELOAD(Access.CHANGE),

  /** Only observes from now on, or no longer: {@code mode=on} or {@code mode=off}. */
  OBSERVE(Access.CHANGE, "mode"),

  /** A gate that was started with {@code --confirm} may go on enforcing. */
  CONFIRM(Access.CHANGE),

  /** Ends the gate. */
  STOP(Access.CHANGE);

  private final Access needs;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> keys;

  Ask(Access needs, String... keys) {
    this.needs = needs;
    this.keys = List.of(keys);
  }

  Access needs() {
    return needs;
  }

  /** The keys that a request may have besides {@code ask}. */
  List<String> keys() {
    return keys;
  }

  /** As a request has it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
