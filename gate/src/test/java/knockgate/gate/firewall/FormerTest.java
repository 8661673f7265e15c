package knockgate.gate.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FormerTest {
  private static final String FORMER =
      """
      -P INPUT ACCEPT
      -N KNOCKGATE
      -N KNOCKGATE-QUEUE
      -N KNOCKGATE-OF-SOMEBODY
      -A INPUT -p tcp -j ACCEPT
      -A INPUT -j KNOCKGATE
      -A INPUT -j DROP
      -A KNOCKGATE -i lo -j RETURN
      -A KNOCKGATE-QUEUE -j NFQUEUE --queue-num 1
      -A KNOCKGATE-OF-SOMEBODY -j DROP
      """;

  @Test
  void putsChainsRulesAndTheJumpBackWhereTheyWere() {
    String now =
        """
        -P INPUT ACCEPT
        -N KNOCKGATE
        -N KNOCKGATE-DOORS
        -A INPUT -j KNOCKGATE
        -A INPUT -p tcp -j ACCEPT
        -A INPUT -j DROP
        -A KNOCKGATE -j KNOCKGATE-DOORS
        """;
    assertThat(Former.parse(FORMER).replacing(Table.FILTER, now))
        .isEqualTo(
            """
            *filter
            :KNOCKGATE - [0:0]
            :KNOCKGATE-QUEUE - [0:0]
            :KNOCKGATE-DOORS - [0:0]
            -D INPUT -j KNOCKGATE
            -A KNOCKGATE -i lo -j RETURN
            -A KNOCKGATE-QUEUE -j NFQUEUE --queue-num 1
            -I INPUT 2 -j KNOCKGATE
            -X KNOCKGATE-DOORS
            COMMIT
            """);
  }

  @Test
  void goesBehindTheLastRuleWhereOthersHaveGone() {
    assertThat(Former.parse(FORMER).replacing(Table.FILTER, "-P INPUT ACCEPT\n"))
        .contains("-I INPUT 1 -j KNOCKGATE\n")
        .doesNotContain("-D ", "-X ");
  }

  @Test
  void keepsEveryOneOfManyJumps() {
    String twice = "-A INPUT -j KNOCKGATE\n-A INPUT -j DROP\n-A INPUT -j KNOCKGATE\n-N KNOCKGATE\n";
    assertThat(Former.parse(twice).replacing(Table.FILTER, "-A INPUT -j DROP\n"))
        .containsSubsequence("-I INPUT 1 -j KNOCKGATE\n", "-I INPUT 3 -j KNOCKGATE\n");
  }

  @Test
  void takesAwayWhatWasNotThereAndTouchesNoTableForNothing() {
    Former nothing = Former.parse("-P INPUT ACCEPT\n");
    assertThat(nothing.replacing(Table.MANGLE, "-N KNOCKGATE\n-A INPUT -j KNOCKGATE\n"))
        .isEqualTo(
            """
            *mangle
            :KNOCKGATE - [0:0]
            -D INPUT -j KNOCKGATE
            -X KNOCKGATE
            COMMIT
            """);
    assertThat(nothing.replacing(Table.MANGLE, "-P INPUT ACCEPT\n")).isEmpty();
  }
}
