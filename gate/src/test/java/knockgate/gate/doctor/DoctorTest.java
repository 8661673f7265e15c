package knockgate.gate.doctor;

import static knockgate.gate.firewall.Family.V4;
import static knockgate.gate.firewall.Family.V6;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import knockgate.gate.doctor.Machine.Holder;
import knockgate.gate.policy.PolicyLoader;
import knockgate.nfq.QueueStatistics;
import knockgate.rules.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What doctor makes of captured texts: one thing is spoilt, one thing is found. */
class DoctorTest {
  /** The policy that the captured rules were made from. */
  static final String SSH =
      """
      rescue = [ "192.0.2.10", "2001:db8::10" ]
      doors { ssh { protects = [ "tcp/22" ], knock = [ 7000, 8000, 9000 ], autoclose = 1m } }
      """;

  private static final String JUMP = "-A INPUT -j KNOCKGATE\n";
  private static final String REDIRECT =
      "*nat\n-A PREROUTING -p tcp -m tcp --dport %d -j REDIRECT --to-ports %d\n";

  private static final String FILTER_JUMP = ":KNOCKGATE-DOORS - [0:0]\n" + JUMP;
  private static final String MANGLE_JUMP = ":KNOCKGATE-QUEUE - [0:0]\n" + JUMP;

  @TempDir private Path folder;

  /** One thing spoilt, and all that is to be found then: what it is about, a part of each text. */
  private record Row(
      String layout, Consumer<Texts> spoil, String about, String sentence, String cure) {
    @Override
    public String toString() {
      return about + ": " + sentence;
    }
  }

  private static Row row(Consumer<Texts> spoil, String about, String sentence, String cure) {
    return new Row("mark", spoil, about, sentence, cure);
  }

  private static Row direct(Consumer<Texts> spoil, String about, String sentence, String cure) {
    return new Row("direct", spoil, about, sentence, cure);
  }

  static Stream<Row> rules() {
    String apply = "knockgate rules -4 --apply";
    String reject = "-A KNOCKGATE-OF-SOMEBODY -p tcp -m tcp --dport 22 -j REJECT\n";
    return Stream.of(
        row(t -> t.saved.put(V4, ""), "rules", "IPv4: there are no rules of the gate", apply),
        row(t -> t.saved.put(V6, ""), "ipv6", "2001:db8::1 is an address", "rules -6 --apply"),
        row(t -> t.replace(V4, FILTER_JUMP, ""), "rules", "protected ports stand open", apply),
        row(t -> t.replace(V4, MANGLE_JUMP, ""), "rules", "no door opens", apply),
        row(t -> t.replace(V4, FILTER_JUMP, FILTER_JUMP + JUMP), "rules", "2 times", apply),
        row(t -> t.replace(V4, "KNOCKGATE-DOORS -j DROP\n", ""), "rules", "lacks \"-j DROP\"", ""),
        row(
            t -> t.replace(V6, "-A KNOCKGATE-DOORS -j DROP", "-A KNOCKGATE-DOORS -j ACCEPT"),
            "rules",
            "IPv6: the chain filter/KNOCKGATE-DOORS is not that of the policy",
            "knockgate rules -6 --apply"),
        row(
            t -> t.replace(V4, FILTER_JUMP, "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n" + JUMP),
            "rules",
            "in filter/INPUT \"-p tcp --dport 22 -j ACCEPT\" stands before the gate",
            apply),
        row(
            t -> t.replace(V4, MANGLE_JUMP, "-A INPUT -p udp -j DROP\n" + JUMP),
            "rules",
            "in mangle/INPUT \"-p udp -j DROP\" stands before the gate",
            apply),
        row(
            t -> t.replace(V4, FILTER_JUMP, "-A INPUT -j KNOCKGATE-OF-SOMEBODY\n" + reject + JUMP),
            "rules",
            "\"-j KNOCKGATE-OF-SOMEBODY\" stands before the gate",
            apply),
        row(
            t -> t.legacyV4 = Texts.resource("mark-4.txt"),
            "rules",
            "iptables-nft and iptables-legacy both have rules",
            "rules --iptables iptables-legacy --remove"),
        direct(
            t -> t.replace(V4, JUMP, "-A INPUT -p tcp -m tcp --dport 7000 -j ACCEPT\n" + JUMP),
            "rules",
            "--dport 7000",
            apply + " --layout direct"),
        direct(
            t -> t.replace(V4, "-j NFQUEUE --queue-num 0\n", "-j NFQUEUE --queue-num 1\n"),
            "rules",
            "lacks \"-j NFQUEUE --queue-num 0\"",
            "--layout direct"));
  }

  static Stream<Row> flushed() {
    return Stream.of("ufw", "firewalld", "docker")
        .map(
            name ->
                row(
                    t -> {
                      t.programs.add(name);
                      t.replace(V4, FILTER_JUMP, "");
                    },
                    "rules",
                    name + " may have flushed them, and may do so again",
                    "knockgate rules -4 --apply"));
  }

  static Stream<Row> others() {
    String dnat =
        "*nat\n-A DOCKER ! -i docker0 -p tcp -m tcp --dport 22 -j DNAT"
            + " --to-destination 172.17.0.2:22\n";
    String marking = "*mangle\n-A PREROUTING -i eth1 -j MARK --set-xmark 0x1/0xf\n";
    Holder other = new Holder("process 9 (snort)", false, 9);
    return Stream.of(
        row(
            t -> t.replace(V4, "*mangle\n", marking),
            "mark",
            "MARK --set-xmark 0x1/0xf",
            "0x4b00/"),
        row(
            t -> t.routing = "100:\tfrom all fwmark 0x4b lookup 100\n",
            "mark",
            "fwmark 0x4b",
            "mark = \"0x4b00/0xff00\""),
        row(
            t -> t.replace(V4, "*mangle\n", dnat + "*mangle\n"),
            "detour",
            "--dport 22 -j DNAT",
            ""),
        row(
            t -> t.replace(V6, "*mangle\n", REDIRECT.formatted(22, 2222) + "*mangle\n"),
            "detour",
            "leads a protected port to one that no door protects",
            "\"tcp/2222\""),
        row(t -> t.holders.clear(), "queue", "nobody holds queue 0", "systemctl start knockgate"),
        row(
            t -> t.holders.put(7, t.holders.remove(0)),
            "queue",
            "a gate runs, but with queue 7, and queue.number counts from its next start on",
            "systemctl restart knockgate"),
        row(t -> t.holders.put(0, other), "queue", "belongs to process 9 (snort)", "queue.number"),
        row(
            t -> t.queue = new QueueStatistics(0, 9669, 0, 2, 2048, 5, 0, 17),
            "queue",
            "queue 0 was full, and the kernel lost 5 packets",
            "queue.length"),
        row(
            t -> t.queue = new QueueStatistics(0, 9669, 0, 2, 2048, 0, 7, 17),
            "queue",
            "the socket of queue 0 was full, and the kernel lost 7 packets",
            "rmem_max"),
        row(
            t -> t.sockets = Texts.SOCKETS.replace("rb37748736", "rb425984"),
            "buffer",
            "has a buffer of 212992 bytes, and a queue of 16384 packets needs 18874368",
            "sysctl -w net.core.rmem_max=18874368"),
        row(
            t -> t.replace(V6, "--queue-bypass\n", "--queue-bypass --queue-cpu-fanout\n"),
            "rules",
            "it lacks \"-j NFQUEUE --queue-num 0 --queue-bypass\"",
            "knockgate rules -6 --apply"));
  }

  @ParameterizedTest
  @MethodSource({"rules", "flushed", "others"})
  void whatIsSpoiltIsFoundAndNothingElse(Row row) throws IOException {
    Texts texts = new Texts(row.layout);
    row.spoil.accept(texts);
    List<Finding> findings = examine(SSH, texts);
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).about()).isEqualTo(row.about);
    assertThat(findings.get(0).sentence()).contains(row.sentence);
    assertThat(findings.get(0).cure()).contains(row.cure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mark", "direct"})
  void aMachineOnWhichAllIsWellHasNoFindings(String layout) throws IOException {
    assertThat(examine(SSH, new Texts(layout))).isEmpty();
  }

  /** What many machines have in front, or elsewhere, and does no harm. */
  static Stream<Consumer<Texts>> harmless() {
    return Stream.of(
        t -> t.replace(V4, FILTER_JUMP, "-A INPUT -i lo -j ACCEPT\n" + JUMP),
        t -> t.replace(V4, FILTER_JUMP, "-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT\n" + JUMP),
        t -> t.replace(V4, FILTER_JUMP, "-A INPUT -p icmp -j ACCEPT\n" + JUMP),
        t -> t.replace(V4, MANGLE_JUMP, "-A INPUT -p udp -j LOG\n" + JUMP),
        t ->
            t.replace(
                V4,
                FILTER_JUMP,
                "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n" + JUMP),
        t -> t.replace(V4, "*mangle\n", "*mangle\n-A OUTPUT -j MARK --set-xmark 0x1/0xf\n"),
        t -> t.replace(V4, "*mangle\n", "*mangle\n-A PREROUTING -j MARK --set-xmark 0x100/0x100\n"),
        t -> t.replace(V4, "*mangle\n", REDIRECT.formatted(80, 22) + "*mangle\n"),
        t -> t.replace(V4, "*mangle\n", REDIRECT.formatted(80, 8080) + "*mangle\n"),
        t -> t.routing = "100:\tfrom all fwmark 0x40000/0xff0000 lookup 100\n",
        t -> t.programs.add("docker"),
        t -> t.synchronised = false,
        t -> t.sockets = "",
        t -> {
          t.saved.put(V6, "");
          t.refusals.put(V6, "ip6tables refused");
          t.addresses = "00000000000000000000000000000001 01 80 10 80       lo\n";
        });
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void whatDoesNoHarmIsNotTold(Consumer<Texts> change) throws IOException {
    Texts texts = new Texts("mark");
    change.accept(texts);
    assertThat(examine(SSH, texts)).isEmpty();
  }

  @Test
  void familiesThatCannotBeReadAreTold() throws IOException {
    Texts texts = new Texts("mark");
    texts.saved.put(V6, "");
    texts.refusals.put(V6, "ip6tables-save refused: no such table");
    assertThat(examine(SSH, texts))
        .extracting(Finding::sentence)
        .containsExactly("IPv6: the rules cannot be read: ip6tables-save refused: no such table");
  }

  @Test
  void theClockMattersWhereADoorGoesByIt() throws IOException {
    String rotating =
        SSH.replace(
            "doors {",
            "doors { web { protects = [ \"tcp/80\" ], rotating { secret = \"0123456789abcdef\","
                + " range = \"tcp/20000-29999\" } }\n");
    assertThat(Doctor.clock(policy(rotating), false))
        .extracting(Finding::sentence)
        .containsExactly(
            "the clock is not synchronised, and messages and rotating knocks go by it (of web)");
    assertThat(Doctor.clock(policy(rotating), true)).isEmpty();
    assertThat(Doctor.clock(policy(SSH), false)).isEmpty();
  }

  private List<Finding> examine(String policy, Texts texts) throws IOException {
    return Doctor.findings(policy(policy), texts.machine(), "knockgate rules");
  }

  private Policy policy(String text) throws IOException {
    return PolicyLoader.load(Files.writeString(folder.resolve("p.conf"), text));
  }
}
