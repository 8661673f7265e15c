package knockgate.rules.spa;

import org.jspecify.annotations.Nullable;

/** What an fwknop message asks for. */
public enum FwknopType {
  /** Run a command. Parsed, and always refused. */
  COMMAND(0, false, false),
  ACCESS(1, false, false),
  /** Access to a host behind the gate. */
  NAT_ACCESS(2, true, false),
  ACCESS_TIMEOUT(3, false, true),
  NAT_ACCESS_TIMEOUT(4, true, true),
  /** Access to a port of the gate itself, by way of another port. */
  LOCAL_NAT(5, true, false),
  LOCAL_NAT_TIMEOUT(6, true, true);

  private final int number;
  private final boolean nat;
  private final boolean timeout;

  FwknopType(int number, boolean nat, boolean timeout) {
    this.number = number;
    this.nat = nat;
    this.timeout = timeout;
  }

  /** The type behind the one digit that writes it, or null. */
  static @Nullable FwknopType of(String number) {
    for (FwknopType type : values()) {
      if (number.length() == 1 && number.charAt(0) == '0' + type.number) {
        return type;
      }
    }
    return null;
  }

  /** The digit on the wire. */
  int number() {
    return number;
  }

  /** Whether a NAT part follows the message. */
  boolean hasNat() {
    return nat;
  }

  /** Whether the client's time-out follows. */
  boolean hasTimeout() {
    return timeout;
  }
}
