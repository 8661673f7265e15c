package knockgate.rules.hocon;

import static java.time.Duration.ofSeconds;
import static knockgate.rules.hocon.PolicyTexts.DOOR;
import static knockgate.rules.hocon.PolicyTexts.problemsOf;
import static knockgate.rules.hocon.PolicyTexts.read;
import static knockgate.rules.words.Protocol.TCP;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.FwknopSpa;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.words.PortRange;
import org.junit.jupiter.api.Test;

/**
 * Which doors a policy has, and in what order: that of the text, which the parsed tree has lost.
 */
class DoorPlacesTest {
  @Test
  void doorsKeepTheOrderOfTheFile() throws PolicyException {
    StringBuilder text = new StringBuilder("doors {\n");
    List<String> names =
        List.of("zulu", "alpha", "mike", "bravo", "\"odd name\"", "yankee", "delta", "x", "é");
    for (String name : names) {
      text.append(name).append(" {\n protects = [ tcp/22 ]\n knock = [ 7000 ]\n}\n");
    }
    assertThat(read(text + "}").doors())
        .extracting(Door::name)
        .containsExactly("zulu", "alpha", "mike", "bravo", "odd name", "yankee", "delta", "x", "é");
  }

  @Test
  void aDoorMadeFromAnotherStandsWhereItIsWritten() throws PolicyException {
    Policy policy =
        read(
            """
            doors {
              first { protects = [ tcp/22 ], knock = [ 7000 ] }
              second { protects = [ tcp/23 ], knock = [ 7000 ] }
              third = ${doors.first} { protects = [ tcp/24 ] }
            }
            """);
    assertThat(policy.doors()).extracting(Door::name).containsExactly("first", "second", "third");
    assertThat(policy.doors().get(2).protects()).containsExactly(new PortRange(TCP, 24, 24));
    assertThat(policy.doors().get(2).trigger()).isEqualTo(policy.doors().get(0).trigger());
  }

  @Test
  void aDoorOfSeveralPiecesIsOneDoor() throws PolicyException {
    Policy policy =
        read(
            """
            doors {
              a { protects = [ tcp/22 ], knock = [ 7000 ] }
              b = ${doors.a} {
                strict = false
              } { time = 3s }
            }
            doors.c.protects = [ tcp/24 ]
            doors.c.knock = [ 7000 ]
            doors.a.time = 4s
            """);
    assertThat(policy.doors()).extracting(Door::name).containsExactly("a", "b", "c");
    assertThat(policy.doors().get(0).trigger()).isEqualTo(PolicyTexts.knocks(ofSeconds(4)));
  }

  @Test
  void twoDoorsOfOneNameAreRefusedHoweverTheyAreWritten() {
    String door = PolicyTexts.DOOR;
    String again = "; give each its own, or HOCON makes one door of both";
    assertThat(problemsOf("doors {\n a" + door + " b" + door + " a" + door + "}"))
        .containsExactly("policy:4: doors.a: another door has this name, at policy:2" + again);
    assertThat(problemsOf("doors { a" + door.strip() + ", a" + door + "}"))
        .containsExactly("policy:1: doors.a: another door has this name, at policy:1" + again);
    assertThat(problemsOf("doors.a" + door + "doors.b" + door + "doors { \"a\"" + door + "}"))
        .containsExactly("policy:3: doors.a: another door has this name, at policy:1" + again);
    assertThat(problemsOf("doors.b" + door + "doors.a" + door + "doors.a = ${doors.b}\n"))
        .containsExactly("policy:3: doors.a: another door has this name, at policy:2" + again);
  }

  @Test
  void stanzasKeepTheOrderOfTheTextAlsoOnOneLine() throws PolicyException {
    StringBuilder text = new StringBuilder("doors.d { protects = [ tcp/22 ], spa {");
    text.append("dialect = fwknop, stanzas.m { key = k, hmac-key = h }, stanzas {");
    List<String> names = List.of("zebra", "alice", "m1", "\"odd name\"", "b");
    names.forEach(name -> text.append(name).append(" { key = k, hmac-key = h }, "));
    Spa spa = (Spa) read(text + "} } }").doors().get(0).trigger();
    assertThat(((FwknopSpa) spa.dialect()).stanzas())
        .extracting(FwknopStanza::name)
        .containsExactly("m", "zebra", "alice", "m1", "odd name", "b");
  }

  @Test
  void twoStanzasOfOneNameAreRefused() {
    String alice = " alice { key = k, hmac-key = h }\n";
    assertThat(
            problemsOf(
                "doors.d { protects = [ tcp/22 ], spa { dialect = fwknop, stanzas {"
                    + alice
                    + alice
                    + "} } }"))
        .containsExactly(
            "policy:2: doors.d.spa.stanzas.alice: another stanza has this name, at policy:1;"
                + " give each its own, or HOCON makes one stanza of both");
  }

  @Test
  void doorsOfAnIncludedFileStandWhereTheIncludeStands() throws PolicyException {
    PolicySource top = new PolicySource("top", "doors { i1" + DOOR + "}", List.of());
    PolicySource inner = new PolicySource("inner", "i2" + DOOR + "\n i3" + DOOR, List.of());
    String text =
        "doors.m1"
            + DOOR
            + "include \"top\"\ndoors { m2"
            + DOOR
            + "include \"inner\"\n m3"
            + DOOR
            + "}";
    PolicySource main = new PolicySource("main", text, List.of(top, inner));
    Config parsed =
        PolicyTexts.parse(text.replaceAll("include \"\\w+\"", ""), "main")
            .withFallback(PolicyTexts.parse(top.text(), "top"))
            .withFallback(PolicyTexts.parse("doors { " + inner.text() + "}", "inner"));
    assertThat(PolicyReader.read(parsed, main).doors())
        .extracting(Door::name)
        .containsExactly("m1", "i1", "m2", "i2", "i3", "m3");
  }

  @Test
  void aTreeWithoutItsTextIsReadInTheOrderOfItsLines() throws PolicyException {
    Config parsed =
        ConfigFactory.parseString(
            "doors { zulu" + DOOR + "\n alpha" + DOOR + "\n mike" + DOOR + "}");
    for (Config tree : List.of(parsed, parsed.resolve())) {
      assertThat(PolicyReader.read(tree).doors())
          .extracting(Door::name)
          .containsExactly("zulu", "alpha", "mike");
    }
  }
}
