package knockgate.gate.pknock;

/** A rule that cannot be read; the message is what iptables or the module would say. */
final class RuleException extends Exception {
  private static final long serialVersionUID = 1;

  RuleException(String message) {
    super(message);
  }

  /** What iptables or the module would say. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
