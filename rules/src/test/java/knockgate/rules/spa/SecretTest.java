package knockgate.rules.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretTest {
  private static final String TEXT = "xyzzy-plugh-frobozz";

  @Test
  void noRecordThatHoldsItShowsIt() {
    Secret secret = Secret.ofText(TEXT);
    FwknopKeys keys = new FwknopKeys(CipherMode.CBC, secret, HashKind.SHA256, secret);
    List<Object> holders =
        List.of(
            secret,
            keys,
            Stanzas.open(keys),
            new PknockSpa(secret, Secret.ofText(TEXT + "2"), 1, false, true),
            new RotatingSequence(secret, "imap", Stanzas.ALL_TCP, 4, Duration.ofSeconds(30)));
    for (Object holder : holders) {
      assertThat(holder.toString()).doesNotContain(TEXT).contains("secret of 19 bytes");
    }
  }

  @Test
  void aWrongBase64TextIsNotRepeatedInTheError() {
    assertThatThrownBy(() -> Secret.ofBase64("hunter2!hunter2!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2")
        .hasMessageNotContaining("!")
        .hasNoCause();
  }

  @Test
  void whatAMessageSaysOfItselfHoldsNoPassword() {
    FwknopMessage message =
        new FwknopMessage(
            "0123456789012345",
            "alice",
            1_795_332_540L,
            FwknopMessage.VERSION,
            FwknopType.ACCESS,
            "0.0.0.0,tcp/22",
            null,
            "crypt,hunter2",
            0,
            HashKind.SHA256);
    assertThat(message.toString()).contains("alice", "tcp/22").doesNotContain("hunter2");
  }

  @Test
  void emptyIsRefusedInEveryForm() {
    assertThatThrownBy(() -> Secret.ofText("")).hasMessageContaining("empty");
    assertThatThrownBy(() -> Secret.ofBytes(new byte[0])).hasMessageContaining("empty");
    assertThatThrownBy(() -> Secret.ofBase64("")).hasMessageContaining("empty");
  }

  @Test
  void equalBytesAreEqualSecrets() {
    assertThat(Secret.ofText("foo"))
        .isEqualTo(Secret.ofBase64("Zm9v"))
        .hasSameHashCodeAs(Secret.ofText("foo"));
    assertThat(Secret.ofText("foo")).isNotEqualTo(Secret.ofText("fop"));
  }

  @Test
  void limitsOfTheDialectsAreKept() {
    Secret longest = Secret.ofText("a".repeat(31));
    Secret tooLong = Secret.ofText("a".repeat(32));
    assertThat(new PknockSpa(longest, null, 1, false, false).open()).isEqualTo(tooLong.cutTo(31));
    assertThatThrownBy(() -> new PknockSpa(tooLong, null, 1, false, false))
        .hasMessageContaining("31 bytes");
    assertThatThrownBy(() -> new PknockSpa(longest, tooLong.cutTo(31), 1, false, false))
        .hasMessageContaining("differ");
    assertThatThrownBy(
            () -> new FwknopKeys(CipherMode.CBC, Secret.ofText("k".repeat(33)), null, null))
        .hasMessageContaining("32 bytes");
    assertThatThrownBy(
            () ->
                new FwknopKeys(
                    CipherMode.CBC, longest, HashKind.MD5, Secret.ofText("k".repeat(129))))
        .hasMessageContaining("128 bytes");
    assertThatThrownBy(() -> new FwknopKeys(CipherMode.CTR, longest, null, null))
        .hasMessageContaining("ctr needs an HMAC");
  }
}
