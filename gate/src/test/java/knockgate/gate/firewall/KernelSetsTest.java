package knockgate.gate.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import knockgate.rules.policy.TcpFlags;
import org.junit.jupiter.api.Test;

/** Limits of the policies here: 1024 attempts, 10 s between two knocks, budgets per IPv6 /64. */
class KernelSetsTest {
  private static final KernelSets SETS =
      new KernelSets(
          new Policies()
              .door("tcp/22", "tcp/1 tcp/2", true, TcpFlags.OPENING)
              .kernelSet()
              .policy());

  @Test
  void setsAreMadeOpenToEveryoneForAsLongAsAnAttemptMayLast() {
    assertThat(SETS.text(Family.V4))
        .isEqualTo(
            """
            create knockgate4-all hash:net family inet timeout 60 hashsize 64 maxelem 16
            add knockgate4-all 0.0.0.0/1 timeout 12
            add knockgate4-all 128.0.0.0/1 timeout 12
            create knockgate4 hash:ip family inet hashsize 256 maxelem 1024 timeout 11
            """);
    assertThat(SETS.text(Family.V6))
        .isEqualTo(
            """
            create knockgate6-all hash:net family inet6 timeout 60 hashsize 64 maxelem 16
            add knockgate6-all ::/1 timeout 12
            add knockgate6-all 8000::/1 timeout 12
            create knockgate6 hash:ip family inet6 netmask 64 hashsize 256 maxelem 1024 timeout 11
            """);
  }

  @Test
  void aSetThatIsThereIsReplacedInOneStep() {
    String created = "hash:ip family inet hashsize 256 maxelem 1024 timeout 11\n";
    assertThat(SETS.text(Family.V4, Set.of("knockgate4", "of-somebody")))
        .endsWith(
            "timeout 12\ncreate knockgate4-next "
                + created
                + "swap knockgate4-next knockgate4\ndestroy knockgate4-next\n");
    assertThat(SETS.text(Family.V4, Set.of("knockgate4", "knockgate4-next")))
        .contains("timeout 12\ndestroy knockgate4-next\ncreate knockgate4-next " + created);
  }
}
