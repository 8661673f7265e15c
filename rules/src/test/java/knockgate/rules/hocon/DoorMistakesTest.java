package knockgate.rules.hocon;

import static knockgate.rules.hocon.PolicyTexts.door;
import static knockgate.rules.hocon.PolicyTexts.problemsOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every mistake that a door with a sequence can hold, and the sentence for it. */
class DoorMistakesTest {
  @Test
  void mistakesOfADoorsKeys() {
    String[][] rows = {
      {
        "autoclose = 60",
        "autoclose: autoclose = 60: give a unit, such as 60m; xt_pknock counted minutes"
      },
      {"autoclose = 0", "autoclose: autoclose = 0: write never for no limit, or give a unit"},
      {
        "autoclose = none",
        "autoclose: \"none\" is not a duration; write a number and one of ms, s, m, h, d, such as 10m, or never"
      },
      {"autoclose = 366d", "autoclose: 366d is longer than a year; for no limit write never"},
      {
        "autoclose = 60 fortnights",
        "autoclose: \"60 fortnights\" is not a duration; write a number and one of ms, s, m, h, d, such as 10m, or never"
      },
      {"time = 10", "time: time = 10: give a unit, such as 10s; xt_pknock counted seconds"},
      {
        "time = \"10\"",
        "time: \"10\" is not a duration; write a number and one of ms, s, m, h, d, such as 10s, or none"
      },
      {"time = 0s", "time: 0s is shorter than a millisecond; for no limit write none"},
      {
        "time = 500us",
        "time: \"500us\" is not a duration; write a number and one of ms, s, m, h, d, such as 10s, or none"
      },
      {
        "time = never",
        "time: \"never\" is not a duration; write a number and one of ms, s, m, h, d, such as 10s, or none"
      },
      {
        "time = none",
        "time: with neither time nor window an attempt would never end; give one of them a limit"
      },
      {"window = -5", "window: window = -5: a duration is above zero and has a unit"},
      {"window = 15", "window: window = 15: give a unit, such as 15s; knockd counts seconds"},
      {
        "window = -5s",
        "window: \"-5s\" is not a duration; write a number and one of ms, s, m, h, d, such as 10s, or none"
      },
      {
        "window = 99999999999999999d",
        "window: 99999999999999999d is longer than a year; for no limit write none"
      },
      {"strict = yes", "strict: \"yes\" is unclear; write true or false"},
      {"strict = 1", "strict: 1 is unclear; write true or false"},
      {"restart = \"true\"", "restart: \"true\" is unclear; write true or false"},
      {"repeats = ignored", "repeats: \"ignored\" is unknown; did you mean ignore?"},
      {"flags = fin", "flags: \"fin\" is unknown; write any or syn"},
      {
        "flags = []",
        "flags: [] fits no packet or says nothing; write syn, any, or such as [ syn, \"!ack\" ]"
      },
      {
        "flags = [ syn, \"!syn\" ]",
        "flags: [syn, !syn] fits no packet or says nothing; write syn, any, or such as [ syn, \"!ack\" ]"
      },
      {"flags = [ sin ]", "flags: \"sin\" is no TCP flag; did you mean fin?"},
      {"flags = [ \"!akc\" ]", "flags: \"!akc\" is no TCP flag; did you mean ack?"},
      {"flags = [ 2 ]", "flags: 2 is not text; put it in quotes"},
      {"covers = 24", "covers: 24 is not a block; write covers { ... }"},
      {"covers { v4 = 0 }", "covers.v4: 0 is out of bounds; write 1 to 32"},
      {"covers { v6 = 129 }", "covers.v6: 129 is out of bounds; write 1 to 128"},
      {"covers { ipv4 = 24 }", "covers.ipv4: there is no such key; write v4 or v6"},
      {"connections = 0", "connections: 0 is out of bounds; write 1 to 65534"},
      {"connections = unlimeted", "connections: \"unlimeted\" is unknown; did you mean unlimited?"},
      {"autoclos = 1h", "autoclos: there is no such key; did you mean autoclose?"},
      {"protects = 22", "protects: 22 is not a list; write protects = [ \"tcp/22\" ]"},
      {
        "protects = []",
        "protects: the list is empty; write protects = [ \"tcp/22\" ] or leave the key out"
      },
      {"protects = [ 22 ]", "protects[0]: 22 lacks its protocol; write \"tcp/22\" or \"udp/22\""},
      {
        "protects = [ \"22\" ]",
        "protects[0]: \"22\" is not a port or range; write such as \"tcp/22\" or \"tcp/1000-1010\""
      },
      {"protects = [ tcp/0 ]", "protects[0]: there is no port 0; write 1 to 65535"},
      {"protects = [ tcp/22, tcp/65536 ]", "protects[1]: there is no port 65536; write 1 to 65535"},
      {"protects = [ tcp/20-10 ]", "protects[0]: tcp/20-10 runs backwards; write tcp/10-20"},
      {"protects = [ tpc/22 ]", "protects[0]: \"tpc\" is no protocol; did you mean tcp?"},
      {"protects = [ icmp/8 ]", "protects[0]: icmp has no ports to protect; write tcp or udp"},
      {"knock = 7000", "knock: 7000 is not a list; write knock = [ 7000, 8000, 9000 ]"},
      {
        "knock = []",
        "knock: the list is empty; write knock = [ 7000, 8000, 9000 ] or leave the key out"
      },
      {"knock = [ 0 ]", "knock[0]: 0 is out of bounds; write 1 to 65535"},
      {"knock = [ 7000, 65536 ]", "knock[1]: 65536 is out of bounds; write 1 to 65535"},
      {
        "knock = [ \"7000\" ]",
        "knock[0]: \"7000\" is text; write 7000 without quotes, or \"tcp/7000\""
      },
      {"knock = [ 70.5 ]", "knock[0]: 70.5 is not a whole number; write 1 to 65535"},
      {"knock = [ udp/0 ]", "knock[0]: there is no port 0; write 1 to 65535"},
      {"knock = [ sctp/7000 ]", "knock[0]: \"sctp\" is no protocol; write one of icmp, tcp, udp"},
      {"knock = [ icmp/65508 ]", "knock[0]: an echo request carries 0 to 65507 bytes, not 65508"},
      {
        "knock = [ \"udp 7000\" ]",
        "knock[0]: \"udp 7000\" is not a knock; write 7000 (tcp), \"udp/7000\" or \"icmp/128\""
      },
      {
        "knock = [ 7000, 22 ]",
        "knock: tcp/22 is a knock and protected by the same door; choose another port to knock on"
      },
    };
    for (String[] row : rows) {
      assertThat(problemsOf(door(row[0])))
          .as(row[0])
          .containsExactly("policy:2: doors.d." + row[1]);
    }
  }

  @Test
  void mistakesOfADoorAsAWhole() {
    assertThat(problemsOf("doors {\n d { knock = [ 7000 ] } }"))
        .containsExactly(
            "policy:2: doors.d: the door protects nothing; write protects = [ \"tcp/22\" ]");
    assertThat(problemsOf("doors {\n d { protects = [ tcp/22 ] } }"))
        .containsExactly(
            "policy:2: doors.d: nothing opens the door; write knock = [ 7000, 8000, 9000 ]");
    assertThat(problemsOf("doors {\n \"\"" + PolicyTexts.DOOR + "}"))
        .containsExactly(
            "policy:2: doors.\"\": a door's name has 1 to 64 characters that can be printed;"
                + " rename it");
    assertThat(problemsOf("doors { \"a\\u001b[2J\"" + PolicyTexts.DOOR + "}")).hasSize(1);
    assertThat(problemsOf("doors { " + "x".repeat(65) + PolicyTexts.DOOR + "}")).hasSize(1);
    String steps =
        IntStream.range(7000, 7033).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    assertThat(problemsOf(door("knock = [ " + steps + " ]")))
        .containsExactly(
            "policy:2: doors.d.knock: 33 steps are too many; a sequence has at most 32");
  }
}
