package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every other test here rests on, without any gate. */
class HarnessIT {
  private static final int FORGED = 1000;

  @ParameterizedTest
  @EnumSource
  void aPlainConnectionNeedsOneSyn(Family family) {
    try (Wire wire = new Wire().serving(22);
        Connection connection = wire.peer(family.friend()).connect(family.server, 22)) {
      assertThat(connection.established()).as("%s", connection).isTrue();
      assertThat(connection.retransmissions()).isZero();
      assertThat(connection.echoes("hello")).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDroppedSynIsSeenToBeSentAgain(Family family) {
    try (Wire wire = new Wire()) {
      wire.server().run(family.iptables, "-A", "INPUT", "-p", "tcp", "-j", "DROP").ok();
      Peer peer = wire.peer(family.friend());
      try (Connection connection = peer.connect(family.server, 22, Duration.ofMillis(1500))) {
        assertThat(connection.established()).as("%s", connection).isFalse();
        assertThat(connection.retransmissions()).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void forgedSynsAreNewToConnectionTracking(Family family) {
    try (Wire wire = new Wire()) {
      String rule = "-A INPUT -p tcp --dport 7000 --syn -m conntrack --ctstate NEW -j DROP";
      wire.server().run((family.iptables + " " + rule).split(" ", -1)).ok();
      wire.client()
          .inside(
              () -> {
                try (Forger forger = Forger.open(wire, family.server)) {
                  for (int i = 0; i < FORGED; i++) {
                    forger.syn(0x0a000000 + i, 1024 + i, 7000, i);
                  }
                }
                return null;
              });
      String counted = wire.server().run(family.iptables, "-nvxL", "INPUT").ok().out();
      assertThat(counted).containsPattern("\\s" + FORGED + "\\s+\\d+\\s+DROP");
    }
  }
}
