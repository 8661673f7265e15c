package knockgate.rules.policy;

/**
 * Where the gate keeps what must outlive it: grants, and the messages that were used.
 *
 * @param file absolute path, or {@link #USUAL}, or {@link #NONE}
 */
public record StateSpec(String file) {
  /** Where the system provides a folder for it; nowhere, if it provides none. */
  public static final String USUAL = "usual";

  /** Nowhere. */
  public static final String NONE = "none";

  /** What a policy has that says nothing of it. */
  public static final StateSpec DEFAULT = new StateSpec(USUAL);

  /** Whether the policy itself names the file, so that the gate must not start without it. */
  public boolean demanded() {
    return file.startsWith("/");
  }
}
