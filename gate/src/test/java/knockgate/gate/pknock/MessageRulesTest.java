package knockgate.gate.pknock;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyReader;
import org.junit.jupiter.api.Test;

/** What other rules do with who is in by a message. */
class MessageRulesTest {
  private static final String MESSAGES =
      "-p udp -m pknock --knockports 9 --name A --opensecret open --closesecret close ";

  private static Imported imported(String... lines) {
    return PknockImport.of(List.of(lines), false, false);
  }

  @Test
  void whomAnotherRuleDropsIsNotLetIn() {
    for (String protocol : List.of("tcp", "udp")) {
      Imported imported =
          imported(
              "-p " + protocol + " -m pknock --checkip --name A --dport 22 -j DROP",
              MESSAGES + "--dport 80 -j ACCEPT",
              "-p " + protocol + " -j ACCEPT");
      assertThat(imported.refusals())
          .extracting(refusal -> refusal.cause().word())
          .contains("rule-order");
    }
  }

  /** The module's rule of messages takes all UDP of who is in; the gate takes messages only. */
  @Test
  void whomALaterRuleAdmitsIsAdmittedForUdpToo() throws PolicyException {
    Imported imported =
        imported(
            MESSAGES + "-j DROP", "-p udp -m pknock --checkip --name A --dport 1194 -j ACCEPT");
    assertThat(imported.refusals()).isEmpty();
    assertThat(
            PolicyReader.read(ConfigFactory.parseString(imported.policy()))
                .doors()
                .get(0)
                .protects())
        .hasToString("[udp/1194]");
  }
}
