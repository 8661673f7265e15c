package knockgate.gate.conformance;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import knockgate.gate.pknock.Imported;
import knockgate.rules.Gatekeeper;
import knockgate.rules.KnockState;
import knockgate.rules.Packet;
import knockgate.rules.PacketParser;
import knockgate.rules.PolicyPlan;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyReader;
import knockgate.rules.hocon.PolicySource;
import knockgate.rules.policy.Policy;
import knockgate.rules.words.Verdict;

/**
 * A gate whose policy was imported, and behind it the plain rules that stayed: what the gate drops
 * is dropped, what it admits by its mark is in, and the rules decide on the rest.
 */
final class ImportedGate {
  /** A fresh gate for each trace: large tables would take most of the time. */
  private static final String SMALL_TABLES = "limits { attempts = 1024, grants = 1024 }";

  private final Gatekeeper gatekeeper;
  private final long epochMs;
  private final ReferenceModel rulesBehind;
  private final Packet packet = new Packet();

  /**
   * @param acceptsByDefault the policy of the chain behind the gate
   * @param epochMs wall clock at time 0
   */
  ImportedGate(Imported imported, boolean acceptsByDefault, long epochMs) {
    Policy policy = policy(imported.policy() + SMALL_TABLES);
    KnockState state = new KnockState(policy.limits());
    this.gatekeeper = new Gatekeeper(new PolicyPlan(policy, state), state);
    this.epochMs = epochMs;
    List<String> left = imported.restDecides() ? imported.left() : List.of();
    boolean accepts = acceptsByDefault || !imported.restDecides();
    this.rulesBehind = new ReferenceModel(left, accepts, epochMs, Set.of());
  }

  /** The same, but close messages count as in a policy that was written by hand. */
  static Imported withoutClosing(Imported imported) {
    return new Imported(
        imported.policy().replaceAll("(?m)^ *closing *= always\n", ""),
        imported.refusals(),
        imported.left(),
        imported.restDecides(),
        imported.notes());
  }

  private static Policy policy(String text) {
    ConfigParseOptions named = ConfigParseOptions.defaults().setOriginDescription("imported");
    try {
      return PolicyReader.read(
          ConfigFactory.parseString(text, named), new PolicySource("imported", text, List.of()));
    } catch (PolicyException e) {
      throw new IllegalStateException(e.getMessage() + "\n" + text, e);
    }
  }

  /**
   * Whether a packet gets in.
   *
   * @param nowMs ms since the first packet
   */
  boolean accepts(ByteBuffer ipv4, long nowMs) {
    PacketParser.parse(ipv4, 0, ipv4.capacity(), packet);
    gatekeeper.decide(packet, nowMs * 1_000_000, epochMs + nowMs);
    if (packet.verdict == Verdict.DROP || packet.marked) {
      return packet.verdict == Verdict.ACCEPT;
    }
    return rulesBehind.decide(ipv4, nowMs).accepted();
  }

  /** Why the gate decided the last packet as it did. */
  String reason() {
    return packet.reason.word();
  }
}
