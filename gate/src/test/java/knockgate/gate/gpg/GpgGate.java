package knockgate.gate.gpg;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.ConfigFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import knockgate.rules.Gatekeeper;
import knockgate.rules.KnockState;
import knockgate.rules.MessageReport;
import knockgate.rules.Packet;
import knockgate.rules.PacketParser;
import knockgate.rules.PolicyPlan;
import knockgate.rules.SealedJudge;
import knockgate.rules.SealedMessage;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyReader;
import knockgate.rules.policy.Policy;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.jspecify.annotations.Nullable;

/** A gate with one door for GPG messages, which are decrypted when the test says so. */
public final class GpgGate {
  static final String PEER = "198.51.100.7";
  private static final String OPTIONS =
      "limits { attempts = 64, grants = 256, first-knocks = unlimited }";

  private final Gatekeeper gatekeeper;
  private final SealedJudge judge;
  private final Policy policy;
  private final KnockState state;
  private final Packet packet = new Packet();
  private final long epochMs;

  /**
   * @param stanzas what stands in {@code stanzas { }}
   * @param epochMs the wall clock, which stands still
   */
  public GpgGate(String stanzas, long epochMs) {
    String door =
        "doors { ssh { protects = [ \"tcp/1-65535\", \"udp/1-62200\", \"udp/62202-65535\" ],"
            + " spa { dialect = fwknop, stanzas { "
            + stanzas
            + " } } } }";
    policy = policy(OPTIONS + "\n" + door);
    state = new KnockState(policy.limits());
    this.gatekeeper = new Gatekeeper(new PolicyPlan(policy, state), state);
    this.judge = new SealedJudge(state, new GpgKeyring());
    this.epochMs = epochMs;
  }

  static Policy policy(String text) {
    try {
      return PolicyReader.read(
          ConfigFactory.parseString(text), null, name -> Secret.ofText(name), keys -> {});
    } catch (PolicyException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a vector's stanza looks like, under any name. */
  public static String stanza(GpgVector vector, String signers) {
    String hmac =
        vector.hasHmac()
            ? "hmac = %s, hmac-key-base64 = \"%s\"".formatted(vector.hmacKind(), vector.hmacKey())
            : "insecure = true";
    String signed =
        signers.isEmpty()
            ? "unsigned = true"
            : "signers = [ \"%s\" ], signer-keys = %s"
                .formatted(signers, quoted(vector.signerKey()));
    return "{ %s, gpg { secret-key = %s, %s } }"
        .formatted(hmac, quoted(vector.secretKey()), signed);
  }

  private static String quoted(String text) {
    return "\"\"\"" + text + "\"\"\"";
  }

  /** Sends a payload, and has it decrypted where that is left to do; what became of it. */
  @Nullable Reason send(String payload) {
    Reason reason = arrive(payload);
    return reason == Reason.SPA_SEALED ? decrypt() : reason;
  }

  /** Sends a payload: what the packet did; null = nothing. */
  @Nullable Reason arrive(String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer datagram = Datagram.udp(PEER, 62201, bytes);
    PacketParser.parse(datagram, 0, datagram.capacity(), packet);
    gatekeeper.decide(packet, 0, epochMs);
    if (packet.notes() > 0 && packet.verdict != Verdict.DROP) {
      throw new AssertionError("a message was let through");
    }
    return packet.notes() == 0 ? null : packet.noteReason(0);
  }

  /** What a payload leaves to decrypt. */
  public SealedMessage sealed(String payload) {
    arrive(payload);
    return requireNonNull(packet.sealed);
  }

  /** What it was made with. */
  public Policy policy() {
    return policy;
  }

  /** Its tables. */
  public KnockState state() {
    return state;
  }

  /** Decrypts what the last packet left to do. */
  Reason decrypt() {
    return judge.judge(requireNonNull(packet.sealed), 0);
  }

  /** What the last message said. */
  MessageReport report() {
    return requireNonNull(judge.report());
  }

  /** The ports of which those are open for that address. */
  List<String> openOf(List<String> ports, String address) {
    List<String> open = new ArrayList<>();
    for (String port : ports) {
      String[] parts = port.split("/", 2);
      int number = Integer.parseInt(parts[1]);
      ByteBuffer connection =
          parts[0].equals("tcp")
              ? Datagram.syn(address, number)
              : Datagram.udp(address, number, new byte[0]);
      PacketParser.parse(connection, 0, connection.capacity(), packet);
      gatekeeper.decide(packet, 0, epochMs);
      if (packet.verdict == Verdict.ACCEPT) {
        open.add(port);
      }
    }
    return open;
  }
}
