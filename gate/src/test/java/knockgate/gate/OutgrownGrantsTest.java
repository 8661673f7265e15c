package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import knockgate.gate.control.ControlRoom;
import knockgate.rules.Grant;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutgrownGrantsTest {
  private static final String DOOR =
      "ssh { protects = [ tcp/22 ], knock = [ 7000, 8000 ], covers { v4 = %d, v6 = %d } }\n";
  private static final String OTHER = "web { protects = [ tcp/80 ], knock = [ 7001, 8001 ] }\n";

  @TempDir private Path folder;
  private BareGate gate;
  private ControlRoom room;

  @BeforeEach
  void open() {
    gate = BareGate.of(folder, policy(DOOR.formatted(32, 128) + OTHER));
    room = gate.room();
    give("ssh", "192.0.2.0", "192.0.2.9", "2001:db8::");
    give("web", "192.0.2.0");
  }

  private static String policy(String doors) {
    return "doors {\n" + doors + "}\n";
  }

  private void give(String door, String... peers) {
    for (String peer : peers) {
      room.desk().give(door, Prefix.parse(peer), GrantDesk.AS_THE_DOOR_SAYS, "root");
    }
  }

  private void reload(String doors) throws IOException {
    Files.writeString(gate.file(), policy(doors));
    room.current().reload();
  }

  private List<String> held() {
    return room.state().grants().list(room.clocks().nowMs()).stream()
        .map(grant -> room.state().doorName(grant.tag()) + " " + address(grant))
        .sorted()
        .toList();
  }

  private static String address(Grant grant) {
    return Prefix.address(grant.hi(), grant.lo());
  }

  /** The events of the audit thread; BareGate waits for it when it is sent a packet. */
  private List<String> ended() {
    gate.send("198.51.100.1", "tcp/22");
    return room.decisions().latest(null, 100).decisions().stream()
        .filter(decision -> decision.reason() == Reason.COVERS_CHANGED)
        .map(decision -> decision.door() + " " + decision.peer())
        .sorted()
        .toList();
  }

  @Test
  void aGrantAdmitsNoMoreThanItWasGivenForWhenItsDoorCoversMore() throws IOException {
    reload(DOOR.formatted(24, 128) + OTHER);
    assertThat(held()).containsExactly("ssh 2001:db8::", "web 192.0.2.0");
    assertThat(ended()).containsExactly("ssh 192.0.2.0", "ssh 192.0.2.9");
  }

  @Test
  void grantsOfTheOtherFamilyAndOtherDoorsStay() throws IOException {
    reload(DOOR.formatted(32, 64) + OTHER);
    assertThat(held()).containsExactly("ssh 192.0.2.0", "ssh 192.0.2.9", "web 192.0.2.0");
    assertThat(ended()).containsExactly("ssh 2001:db8::");
  }

  @Test
  void whatElseChangesEndsNothing() throws IOException {
    reload(DOOR.formatted(32, 128).replace("8000", "8001, 9000") + OTHER);
    room.current().observe(true);
    assertThat(held()).hasSize(4);
    assertThat(ended()).isEmpty();
  }

  @Test
  void aDoorThatComesBackWithOtherPrefixesFindsNoOldGrants() throws IOException {
    reload(OTHER);
    assertThat(held()).hasSize(4);
    reload(DOOR.formatted(24, 64) + OTHER);
    assertThat(held()).containsExactly("web 192.0.2.0");
    assertThat(ended()).hasSize(3);
  }

  @Test
  void aGrantOfADoorThatIsGoneIsTakenBackByAnyAddressThatItCovers() throws IOException {
    reload(DOOR.formatted(24, 128) + OTHER);
    give("ssh", "192.0.2.9");
    reload(OTHER);
    room.desk().revoke("ssh", Prefix.parse("192.0.2.77"), "root");
    reload(DOOR.formatted(24, 128) + OTHER);
    assertThat(held()).containsExactly("ssh 2001:db8::", "web 192.0.2.0");
  }

  @Test
  void whoKnocksAgainIsLetInWithTheNewPrefix() throws IOException {
    reload(DOOR.formatted(24, 128) + OTHER);
    give("ssh", "192.0.2.9");
    assertThat(held()).contains("ssh 192.0.2.0");
    room.desk().revoke("ssh", Prefix.parse("192.0.2.77"), "root");
    assertThat(held()).containsExactly("ssh 2001:db8::", "web 192.0.2.0");
  }
}
