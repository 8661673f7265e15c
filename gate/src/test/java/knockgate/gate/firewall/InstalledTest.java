package knockgate.gate.firewall;

import static knockgate.gate.firewall.Policies.example;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands in the kernel already, and what takes its place. */
class InstalledTest {
  @Test
  void replacingTakesOutEveryJumpAndTheChainsOfTheOtherLayout() {
    FirewallRules direct = new FirewallRules(example().policy(), Layout.DIRECT);
    Installed filter = new Installed(2, List.of("KNOCKGATE", "KNOCKGATE-DOORS"));
    Installed mangle = new Installed(1, List.of("KNOCKGATE", "KNOCKGATE-QUEUE"));
    String text = direct.text(Family.V4, table -> table == Table.FILTER ? filter : mangle);
    assertThat(text)
        .startsWith(
            """
            *filter
            :KNOCKGATE - [0:0]
            :KNOCKGATE-QUEUE - [0:0]
            :KNOCKGATE-DOORS - [0:0]
            -D INPUT -j KNOCKGATE
            -D INPUT -j KNOCKGATE
            """)
        .endsWith(
            """
            -I INPUT 1 -j KNOCKGATE
            -X KNOCKGATE-DOORS
            COMMIT
            *mangle
            :KNOCKGATE - [0:0]
            :KNOCKGATE-QUEUE - [0:0]
            -D INPUT -j KNOCKGATE
            -X KNOCKGATE
            -X KNOCKGATE-QUEUE
            COMMIT
            """);
  }

  @Test
  void theListingIsReadForJumpsAndOwnChainsOnly() {
    Installed installed =
        Installed.parse(
            """
            -P INPUT ACCEPT
            -N KNOCKGATE
            -N KNOCKGATE-DOORS
            -N KNOCKGATE-OF-SOMEBODY
            -A INPUT -j KNOCKGATE
            -A INPUT -p tcp -j KNOCKGATE-OF-SOMEBODY
            -A INPUT -j KNOCKGATE
            -A FORWARD -j KNOCKGATE
            """);
    assertThat(installed).isEqualTo(new Installed(2, List.of("KNOCKGATE", "KNOCKGATE-DOORS")));
    assertThat(Installed.parse("-P INPUT DROP\n").isNothing()).isTrue();
  }
}
