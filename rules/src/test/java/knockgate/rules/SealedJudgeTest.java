package knockgate.rules;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.FwknopType;
import knockgate.rules.spa.GpgOpened;
import knockgate.rules.spa.HashKind;
import knockgate.rules.spa.OpenPgpBytes;
import knockgate.rules.spa.PlainText;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Verdict;
import org.junit.jupiter.api.Test;

/** Messages in GPG mode from packet to grant, with a library that decrypts what the test says. */
class SealedJudgeTest {
  private static final String PEER = "203.0.113.9";
  private static final long START_MS = 1_795_332_540_000L;
  private static final Secret HMAC = Secret.ofText("hush");

  private final List<FwknopGpg> asked = new ArrayList<>();
  private int messages;

  @Test
  void theGrantFollowsTheMessageAndNotThePacket() {
    Gate gate = gate(false, door("a", "key a", 22));
    Packet packet = send(gate);
    assertThat(packet.verdict).isEqualTo(Verdict.DROP);
    assertThat(packet.noteReason(0)).isEqualTo(Reason.SPA_SEALED);
    SealedMessage sealed = requireNonNull(packet.sealed);
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.DROP);
    SealedJudge judge = judge(gate, seal -> opened("tcp/22", 60));
    assertThat(judge.judge(sealed, gate.nowMs)).isEqualTo(Reason.SPA_OPENED);
    assertThat(judge.door()).isEqualTo("a");
    assertThat(judge.grantedMs()).isEqualTo(60_000);
    assertThat(requireNonNull(judge.report()).signer()).isEqualTo("WHO SIGNED");
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.ACCEPT);
    assertThat(gate.verdict("203.0.113.10", "tcp/22")).isEqualTo(Verdict.DROP);
    gate.nowMs += 60_000;
    assertThat(gate.verdict(PEER, "tcp/22")).isEqualTo(Verdict.DROP);
  }

  @Test
  void ofAllStanzasTheFirstThatPassesWins() {
    Gate gate = gate(false, door("a", "key a", 22), door("b", "key b", 23), door("c", "key c", 23));
    SealedMessage sealed = requireNonNull(send(gate).sealed);
    SealedJudge judge =
        judge(
            gate,
            seal ->
                seal.secretKeys().equals(Secret.ofText("key a"))
                    ? GpgOpened.refused(Reason.SPA_CIPHER)
                    : opened("tcp/23", 60));
    assertThat(judge.judge(sealed, 0)).isEqualTo(Reason.SPA_OPENED);
    assertThat(judge.door()).isEqualTo("b");
    assertThat(asked).hasSize(2);
  }

  @Test
  void whereNobodyOpensTheReasonIsThatOfWhoCameFurthest() {
    Object[][] rows = {
      {GpgOpened.refused(Reason.SPA_CIPHER), Reason.SPA_CIPHER},
      {GpgOpened.refused(Reason.SPA_SIGNER), Reason.SPA_SIGNER},
      {GpgOpened.of("0123456789012345:no message".getBytes(US_ASCII), null), Reason.SPA_DIGEST},
      {GpgOpened.of(new byte[0], null), Reason.SPA_CIPHER},
      {opened("tcp/25", 60), Reason.SPA_PORT},
    };
    for (Object[] row : rows) {
      Gate gate = gate(false, door("a", "key a", 22), door("b", "key b", 22));
      SealedMessage sealed = requireNonNull(send(gate).sealed);
      boolean[] first = {true};
      SealedJudge judge =
          judge(
              gate,
              seal -> {
                GpgOpened last =
                    first[0] ? GpgOpened.refused(Reason.SPA_CIPHER) : (GpgOpened) row[0];
                first[0] = false;
                return last;
              });
      assertThat(judge.judge(sealed, 0)).isEqualTo(row[1]);
      assertThat(judge.door()).isEqualTo("b");
      assertThat(judge.grantedMs()).isEqualTo(-1);
    }
  }

  /** Whoever re-encrypts a captured text has another OpenPGP message, but no other text. */
  @Test
  void aTextCountsOnceHoweverItIsEncrypted() {
    Gate gate = gate(false, door("a", "key a", 22));
    GpgOpened text = opened("tcp/22", 60);
    SealedJudge judge = judge(gate, seal -> text);
    SealedMessage first = requireNonNull(send(gate).sealed);
    SealedMessage second = requireNonNull(send(gate).sealed);
    assertThat(judge.judge(first, 0)).isEqualTo(Reason.SPA_OPENED);
    assertThat(judge.judge(second, 0)).isEqualTo(Reason.SPA_REPLAY);
  }

  @Test
  void theAgeCountsFromTheArrivalHoweverLongItWaited() {
    Gate gate = gate(false, door("a", "key a", 22));
    SealedMessage sealed = requireNonNull(send(gate).sealed);
    SealedJudge judge = judge(gate, seal -> opened("tcp/22", 60));
    assertThat(judge.judge(sealed, 3_600_000)).isEqualTo(Reason.SPA_OPENED);
    gate.nowMs = 121_000;
    SealedMessage late = requireNonNull(send(gate).sealed);
    assertThat(judge.judge(late, gate.nowMs)).isEqualTo(Reason.SPA_CLOCK);
    assertThat(requireNonNull(judge.report()).clockDifferenceMs()).isEqualTo(-121_000);
  }

  /** The text comes again in another OpenPGP message, which the gate cannot know for the same. */
  @Test
  void aTextWhoseTimeHasNotComeIsUsedUp() {
    Gate gate = gate(false, door("a", "key a", 22));
    gate.startMs = START_MS - 600_000;
    GpgOpened text = opened("tcp/22", 60);
    SealedJudge judge = judge(gate, seal -> text);
    SealedMessage early = requireNonNull(send(gate).sealed);
    assertThat(judge.judge(early, gate.nowMs)).isEqualTo(Reason.SPA_CLOCK);
    gate.nowMs = 600_000;
    SealedMessage again = requireNonNull(send(gate).sealed);
    assertThat(judge.judge(again, gate.nowMs)).isEqualTo(Reason.SPA_REPLAY);
  }

  @Test
  void observeIsToldWithTheMessage() {
    Packet packet = send(gate(true, door("a", "key a", 22)));
    assertThat(packet.verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(packet.intended).isEqualTo(Verdict.DROP);
    assertThat(requireNonNull(packet.sealed).observed()).isTrue();
  }

  // --- making things
  // ------------------------------------------------------------------------------

  private SealedJudge judge(Gate gate, Function<FwknopGpg, GpgOpened> library) {
    return new SealedJudge(
        gate.state,
        (seal, message, epochMs) -> {
          asked.add(seal);
          return library.apply(seal);
        });
  }

  private Packet send(Gate gate) {
    byte[] payload = OpenPgpBytes.packet(OpenPgpBytes.rsa(++messages), gpg("key a"));
    System.arraycopy(payload, 0, gate.packet.payload, 0, payload.length);
    gate.packet.payloadLength = payload.length;
    Packet packet = gate.send(PEER, "udp/62201");
    gate.packet.payloadLength = 0;
    return packet;
  }

  private GpgOpened opened(String ports, int timeout) {
    FwknopMessage message =
        new FwknopMessage(
            "%016d".formatted(++messages),
            "feat",
            START_MS / 1000,
            FwknopMessage.VERSION,
            FwknopType.ACCESS_TIMEOUT,
            "0.0.0.0," + ports,
            null,
            null,
            timeout,
            HashKind.SHA256);
    return GpgOpened.of(PlainText.of(message), "WHO SIGNED");
  }

  private static Gate gate(boolean observe, Door... doors) {
    Gate gate = new Gate(Gate.policy(observe, doors));
    gate.startMs = START_MS;
    return gate;
  }

  private static Door door(String name, String key, int port) {
    List<PortRange> ports = List.of(new PortRange(Protocol.TCP, port, port));
    FwknopStanza stanza =
        new FwknopStanza(
            "stanza",
            gpg(key),
            List.of(),
            List.of(),
            ports,
            List.of(),
            Map.of(),
            null,
            false,
            null,
            Duration.ofMinutes(2),
            null,
            Duration.ofMinutes(10));
    Spa spa = new Spa(62201, new FwknopSpa(List.of(stanza)));
    return new Door(name, ports, spa, Duration.ofHours(1), 32, 128, 0);
  }

  private static FwknopGpg gpg(String key) {
    return new FwknopGpg(Secret.ofText(key), null, null, Set.of(), HashKind.SHA256, HMAC);
  }
}
