package knockgate.gate.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import knockgate.gate.control.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The picture of {@code top}, without a terminal. */
class TopScreenTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String LATENCY =
      "{'what':'latency','since':'recent','packets':9,'p50_ns':74000,'p90_ns':99000,"
          + "'p99_ns':150000,'p999_ns':1200000,'max_ns':12000000}";
  private static final String KNOCKING =
      "{'what':'attempt','door':'imap','peer':'203.0.113.9','step':2,'steps':3,'left_ms':8000,"
          + "'last_ago_ms':2000}";
  private static final String PASSING =
      "{'what':'grant','door':'imap','peer':'203.0.113.7','left_ms':3541000}";

  private static Row row(String json) {
    return Row.parse(json.replace('\'', '"'));
  }

  private static Row gate(String mode, long packets, long lost) {
    return row(
        "{'what':'gate','uptime_ms':3900000,'policy':'/etc/knockgate.conf','mode':'"
            + mode
            + "','attempts':1,'attempts_limit':65536,'grants_held':1,'grants_limit':16384,"
            + "'packets':"
            + packets
            + ",'accepted':"
            + packets / 4
            + ",'dropped':"
            + packets * 3 / 4
            + ",'events_waiting':2,'events_limit':4096,'events_lost':"
            + lost
            + "}");
  }

  private static Row lane(String kernel) {
    return row(
        "{'what':'lane','queue':0,'ring_used':16,'ring_size':64,'overruns':0" + kernel + "}");
  }

  private static TopSnapshot snapshot(long takenNs, Row gate, Row lane) {
    return new TopSnapshot(
        takenNs, List.of(gate, row(LATENCY), lane), List.of(row(KNOCKING)), List.of(row(PASSING)));
  }

  private static final String KERNEL = ",'waiting':3,'queue_dropped':40,'socket_dropped':2";

  private static TopSnapshot now() {
    return snapshot(2 * SECOND, gate("enforce", 5000, 0), lane(KERNEL));
  }

  private static List<String> texts(TopSnapshot now, @Nullable TopSnapshot before, int w, int h) {
    return new TopScreen(now, before, w, h).lines(false).stream().map(l -> l.text()).toList();
  }

  @Test
  void onePictureFills80By24() {
    TopSnapshot before = snapshot(0, gate("enforce", 1000, 0), lane(KERNEL));
    List<String> lines = texts(now(), before, 80, 24);

    assertThat(lines).hasSize(24).allMatch(line -> line.length() <= 80);
    assertThat(lines.subList(0, 11))
        .containsExactly(
            "knockgate  up 65 min  enforcing  /etc/knockgate.conf",
            "packets   2000/s   accepted 500/s   dropped 1500/s   total 5000",
            "verdict   p50 74 us   p90 99 us   p99 150 us   p99.9 1.2 ms   max 12 ms",
            "kernel    waiting 3   dropped 40 by queue, 2 by socket   overruns 0",
            "rings     packets [###-------] 16/64   events [#---------] 2/4096, 0 lost",
            "tables    attempts 1/65536   grants 1/16384",
            "",
            "ATTEMPTS PEER        STEP         IDLE      TIME LEFT",
            "imap     203.0.113.9 [##-] 2/3    2 s       8 s",
            "GRANTS   PEER        CONNECTIONS  PORT      TIME LEFT",
            "imap     203.0.113.7 unlimited    all       59 min");
    assertThat(lines.get(23)).isEqualTo("q quit   p pause");
    assertThat(new TopScreen(now(), before, 80, 24).picture())
        .as("on paper there are no keys")
        .extracting(TopScreen.Line::text)
        .isEqualTo(lines.subList(0, 11));
  }

  @Test
  void aFirstPictureHasNoRates() {
    assertThat(texts(now(), null, 80, 24).get(1)).startsWith("packets   -/s   accepted -/s");
  }

  @Test
  void theLongestAddressIsWholeIn80Columns() {
    String peer = "2001:db8:1234:5678:9abc:def0:1234:5678";
    String door = "a-door-with-a-long-name";
    List<Row> one = List.of(row(PASSING.replace("203.0.113.7", peer).replace("imap", door)));
    TopSnapshot six =
        new TopSnapshot(0, List.of(gate("enforce", 1, 0), row(LATENCY), lane("")), List.of(), one);

    assertThat(texts(six, null, 80, 24))
        .contains("a-doo~ " + peer + " unlimited    all       59 min");
    assertThat(texts(six, null, 120, 24))
        .contains(door + " " + peer + " unlimited    all       59 min");
  }

  @Test
  void longSequencesAreTold() {
    List<Row> one = List.of(row(KNOCKING.replace("'step':2,'steps':3", "'step':12,'steps':32")));
    TopSnapshot many =
        new TopSnapshot(0, List.of(gate("enforce", 1, 0), row(LATENCY), lane("")), one, List.of());
    assertThat(texts(many, null, 80, 24)).anyMatch(line -> line.contains(" 12/32        2 s"));
  }

  @Test
  void everySizeIsKept() {
    List<Row> many =
        IntStream.range(0, 50).mapToObj(i -> row(KNOCKING.replace("113.9", "113." + i))).toList();
    TopSnapshot full =
        new TopSnapshot(0, List.of(gate("enforce", 1, 0), row(LATENCY), lane("")), many, many);
    for (int height = 1; height < 60; height++) {
      for (int width : new int[] {1, 20, 79, 80, 200}) {
        int most = width;
        assertThat(texts(full, null, width, height))
            .as("%s x %s", width, height)
            .hasSize(height)
            .allMatch(line -> line.length() <= most);
      }
    }
  }

  @Test
  void whatOneListDoesNotNeedTheOtherHas() {
    List<Row> many =
        IntStream.range(0, 12).mapToObj(i -> row(PASSING.replace("113.7", "113." + i))).toList();
    TopSnapshot grants =
        new TopSnapshot(0, List.of(gate("enforce", 1, 0), row(LATENCY), lane("")), List.of(), many);

    assertThat(texts(grants, null, 80, 24)).filteredOn(l -> l.contains("unlimited")).hasSize(12);
  }

  @Test
  void onlyWhatIsLostOrUnusualStandsOut() {
    TopSnapshot before = snapshot(0, gate("enforce", 1000, 0), lane(KERNEL));
    assertThat(alarms(now(), before)).isEmpty();

    TopSnapshot drops =
        snapshot(
            SECOND,
            gate("enforce", 1000, 0),
            lane(KERNEL.replace("'queue_dropped':40", "'queue_dropped':41")));
    assertThat(alarms(drops, before)).singleElement().asString().startsWith("kernel");
    TopSnapshot loses = snapshot(SECOND, gate("enforce", 1000, 1), lane(KERNEL));
    assertThat(alarms(loses, before)).singleElement().asString().startsWith("rings");
    TopSnapshot observes = snapshot(SECOND, gate("observe", 1000, 0), lane(KERNEL));
    assertThat(alarms(observes, before)).singleElement().asString().contains("ONLY OBSERVING");
  }

  private static List<String> alarms(TopSnapshot now, TopSnapshot before) {
    return new TopScreen(now, before, 80, 24)
        .lines(false).stream()
            .filter(line -> line.style() == TopScreen.Style.ALARM)
            .map(TopScreen.Line::text)
            .toList();
  }

  @Test
  void whatTheKernelDoesNotTellIsNotZero() {
    TopSnapshot dark = snapshot(0, gate("enforce", 1, 0), lane(""));
    assertThat(texts(dark, null, 80, 24).get(3))
        .isEqualTo("kernel    its counters are for root   overruns 0");
  }
}
