package knockgate.gate.gpg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import knockgate.rules.MessageReport;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets of the real fwknop client in GPG mode, with RSA and with ECC keys. */
class FwknopGpgVectorTest {
  static List<GpgVector> vectors() {
    return GpgVector.all().stream().filter(GpgVector::mayBeTaken).toList();
  }

  static List<GpgVector> signed() {
    return vectors().stream().filter(GpgVector::isSigned).toList();
  }

  static List<GpgVector> withHmac() {
    return vectors().stream().filter(GpgVector::hasHmac).toList();
  }

  @Test
  void aFileThatCannotBeReadIsNamedWithTheLine(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("cut.json"), "{\n  \"format\": ");
    assertThatThrownBy(() -> GpgVector.in(folder)).hasMessageContaining("cut.json, line 2: ");
  }

  @Test
  void whatAnybodyCouldHaveSentIsRefusedByThePolicy() {
    for (GpgVector vector : GpgVector.all()) {
      if (!vector.mayBeTaken()) {
        assertThatThrownBy(() -> gate(vector)).hasMessageContaining("anybody");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void theRecordedPacketIsUnderstoodFieldByField(GpgVector vector) {
    GpgGate gate = gate(vector);
    gate.send(vector.packet());
    MessageReport report = gate.report();
    FwknopMessage message = report.message();
    assertThat(message.random()).isEqualTo(vector.field("rand"));
    assertThat(message.user()).isEqualTo(vector.field("username"));
    assertThat(message.timestamp()).isEqualTo(Long.parseLong(vector.field("timestamp")));
    assertThat(message.version()).isEqualTo(vector.field("version"));
    assertThat(message.message()).isEqualTo(vector.field("message"));
    assertThat(message.nat()).isEqualTo(vector.fieldOrNull("nat_access"));
    assertThat(message.serverAuth()).isEqualTo(vector.fieldOrNull("server_auth"));
    assertThat(message.timeout()).isEqualTo(Integer.parseInt(vector.field("client_timeout")));
    assertThat(message.digest().word().replace('-', '_')).isEqualTo(vector.field("digest_type"));
    assertThat(report.signer()).isEqualTo(vector.isSigned() ? vector.signer() : null);
    assertThat(report.clockDifferenceMs()).isZero();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void accessOpensAndAllElseIsRefusedWithItsReason(GpgVector vector) {
    GpgGate gate = gate(vector);
    String[] asked = vector.field("message").split(",", 2);
    List<String> ports = List.of(asked[1].split(","));
    String address = asked[0].equals("0.0.0.0") ? GpgGate.PEER : asked[0];
    assertThat(gate.arrive(vector.packet())).isEqualTo(Reason.SPA_SEALED);
    Reason expected = expected(vector);
    if (expected != Reason.SPA_OPENED) {
      assertThat(gate.decrypt()).isEqualTo(expected);
    } else {
      assertThat(gate.openOf(ports, address)).isEmpty();
      gate = gate(vector);
      assertThat(gate.send(vector.packet())).isEqualTo(expected);
      assertThat(gate.openOf(ports, address)).isEqualTo(ports);
      String other = ports.contains("tcp/9") ? "tcp/19" : "tcp/9";
      assertThat(gate.openOf(List.of(other), address)).isEmpty();
      assertThat(gate.openOf(ports, "203.0.113.99")).isEmpty();
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("signed")
  void thePrimaryKeysFingerprintStandsForItsSubkeys(GpgVector vector) {
    GpgGate gate =
        new GpgGate("a " + GpgGate.stanza(vector, vector.primarySigner()), vector.epochMs());
    assertThat(gate.send(vector.packet())).isEqualTo(expected(vector));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void whoIsNotARequiredSignerDoesNotGetIn(GpgVector vector) {
    String other = "0123456789ABCDEF0123456789ABCDEF01234567";
    GpgGate gate = new GpgGate("a " + GpgGate.stanza(vector, other), vector.epochMs());
    assertThat(gate.send(vector.packet())).isEqualTo(Reason.SPA_SIGNER);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void eachMessageCountsOnce(GpgVector vector) {
    GpgGate gate = gate(vector);
    gate.send(vector.packet());
    assertThat(gate.send(vector.packet())).isEqualTo(Reason.SPA_REPLAY);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("withHmac")
  void nothingIsDecryptedWithoutARightHmac(GpgVector vector) {
    GpgGate gate = gate(vector);
    String packet = vector.packet();
    for (int i = 0; i < packet.length(); i += 7) {
      char other = packet.charAt(i) == 'A' ? 'B' : 'A';
      String changed = packet.substring(0, i) + other + packet.substring(i + 1);
      assertThat(gate.arrive(changed)).isIn(Reason.SPA_HMAC, null);
    }
    for (int length = 0; length < packet.length(); length += 13) {
      assertThat(gate.arrive(packet.substring(0, length))).isIn(Reason.SPA_HMAC, null);
    }
  }

  private static GpgGate gate(GpgVector vector) {
    String signers = vector.isSigned() ? vector.signer() : "";
    return new GpgGate("a " + GpgGate.stanza(vector, signers), vector.epochMs());
  }

  private static Reason expected(GpgVector vector) {
    if (vector.field("message_type").equals("0")) {
      return Reason.SPA_COMMAND;
    }
    if (vector.fieldOrNull("nat_access") != null) {
      return Reason.SPA_NAT;
    }
    List<String> asked = List.of(vector.field("message").split(","));
    // the messages' own port is not the door's to open
    boolean opens =
        !asked.contains("udp/62201")
            && asked.stream().skip(1).allMatch(port -> port.matches("(tcp|udp)/\\d+"));
    return opens ? Reason.SPA_OPENED : Reason.SPA_PORT;
  }
}
