package knockgate.gate.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As the rules are printed, as iptables-save of both variants prints them back: one spelling. */
class RuleSpellingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -p tcp --dport 22 -j DROP              | -p tcp -m tcp --dport 22 -j DROP
          -m conntrack --ctstate NEW,INVALID -j X | -m conntrack --ctstate INVALID,NEW -j X
          -s 192.0.2.10 -j ACCEPT                | -s 192.0.2.10/32 -j ACCEPT
          -s 2001:db8::10 -j ACCEPT              | -s 2001:db8::10/128 -j ACCEPT
          -p icmp --icmp-type echo-request -j X  | -p icmp -m icmp --icmp-type 8 -j X
          -p tcp --tcp-flags SYN,ACK SYN -j X    | -p tcp -m tcp --tcp-flags SYN,ACK SYN -j X
          -p tcp --tcp-flags ACK,SYN SYN --dport 7 | -p tcp -m tcp --dport 7 --tcp-flags SYN,ACK SYN
          -p ipv6-icmp ! --icmpv6-type echo-request -j X | -p ipv6-icmp -m icmp6 ! --icmpv6-type 128 -j X
          """)
  void printedAndSavedAreTheSame(String printed, String saved) {
    assertThat(RuleSpelling.usual(saved)).isEqualTo(RuleSpelling.usual(printed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -p tcp --dport 22 -j DROP    | -p udp -m udp --dport 22 -j DROP
          -s 192.0.2.10 -j ACCEPT      | -s 192.0.2.10/31 -j ACCEPT
          -s 2001:db8::/32 -j ACCEPT   | -s 2001:db8::/128 -j ACCEPT
          -p tcp ! --dport 22 -j DROP  | -p tcp -m tcp --dport 22 -j DROP
          """)
  void othersStayDifferent(String one, String other) {
    assertThat(RuleSpelling.usual(other)).isNotEqualTo(RuleSpelling.usual(one));
  }
}
