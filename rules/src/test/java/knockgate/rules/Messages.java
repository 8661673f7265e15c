package knockgate.rules;

import static knockgate.rules.Gate.policy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.CipherMode;
import knockgate.rules.spa.Dialect;
import knockgate.rules.spa.FwknopKeys;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.FwknopType;
import knockgate.rules.spa.FwknopWire;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;

/** Doors that messages open, and messages for them. The clock begins in 2026. */
final class Messages {
  static final long START_MS = 1_795_332_540_000L; // a whole minute

  static final Secret OPEN = Secret.ofText("s3cret-open");
  static final Secret CLOSE = Secret.ofText("s3cret-close");
  static final FwknopKeys KEYS = keys("key one");
  static final FwknopKeys OTHER_KEYS = keys("key two");

  private Messages() {}

  static Gate gate(Door... doors) {
    Gate gate = new Gate(policy(doors));
    gate.startMs = START_MS;
    return gate;
  }

  static Packet message(Gate gate, String peer, int port, byte[] payload) {
    System.arraycopy(payload, 0, gate.packet.payload, 0, payload.length);
    gate.packet.payloadLength = payload.length;
    Packet packet = gate.send(peer, "udp/" + port);
    gate.packet.payloadLength = 0;
    gate.packet.payloadCut = false;
    return packet;
  }

  static byte[] pknock(Gate gate, String peer, Secret secret, int secondsAhead) {
    Prefix source = Prefix.parse(peer);
    return PknockSpa.message(
        secret, source.hi(), source.lo(), (gate.startMs + gate.nowMs) / 1000 + secondsAhead);
  }

  static Door pknock(String name, int tolerance, int port) {
    return spa(name, 4002, new PknockSpa(OPEN, CLOSE, tolerance, false, true), port, port);
  }

  static Door fwknop(String name, FwknopKeys keys, PortRange ports) {
    FwknopStanza stanza =
        new FwknopStanza(
            "stanza",
            keys,
            List.of(),
            List.of(),
            List.of(ports),
            List.of(),
            Map.of(),
            null,
            false,
            null,
            Duration.ofMinutes(2),
            null,
            Duration.ofMinutes(10));
    return spa(name, 62201, new FwknopSpa(List.of(stanza)), ports.first(), ports.last());
  }

  static Door spa(String name, int port, Dialect dialect, int first, int last) {
    return new Door(
        name,
        List.of(new PortRange(Protocol.TCP, first, last)),
        new Spa(port, dialect),
        Duration.ofHours(1),
        32,
        128,
        0);
  }

  static FwknopKeys keys(String key) {
    return new FwknopKeys(
        CipherMode.CBC, Secret.ofText(key), HashKind.SHA256, Secret.ofText("hmac " + key));
  }

  static byte[] ask(String message, int timeout) {
    return ask(KEYS, message, timeout);
  }

  static byte[] ask(FwknopKeys keys, String message, int timeout) {
    return FwknopWire.packet(
        new FwknopMessage(
            "1400706191106134",
            "feat",
            START_MS / 1000,
            FwknopMessage.VERSION,
            timeout == 0 ? FwknopType.ACCESS : FwknopType.ACCESS_TIMEOUT,
            message,
            null,
            null,
            timeout,
            HashKind.SHA256),
        keys,
        salt(message));
  }

  /** Another for every message, or the second would be a replay of the first. */
  static byte[] salt(String message) {
    int hash = message.hashCode();
    return new byte[] {
      1, 2, 3, 4, (byte) (hash >>> 24), (byte) (hash >>> 16), (byte) (hash >>> 8), (byte) hash
    };
  }
}
