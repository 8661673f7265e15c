package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import knockgate.rules.Packet;
import knockgate.rules.words.Protocol;
import org.junit.jupiter.api.Test;

class ToldStreamsTest {
  private static final long MINUTE_NS = 60_000_000_000L;

  private final ToldStreams streams = new ToldStreams();

  private static Packet packet(Protocol protocol, int flags, int srcPort) {
    Packet packet = new Packet();
    packet.protocol = protocol;
    packet.flags = flags;
    packet.srcPort = srcPort;
    packet.dstPort = 500;
    packet.door = 0;
    return packet;
  }

  @Test
  void aStreamIsToldOnceAMinute() {
    Packet packet = packet(Protocol.UDP, 0, 4500);
    assertThat(streams.tells(packet, 0)).isTrue();
    assertThat(streams.tells(packet, MINUTE_NS - 1)).isFalse();
    assertThat(streams.tells(packet, MINUTE_NS)).isTrue();
  }

  @Test
  void anotherPortDoorOrProtocolIsAnotherStream() {
    assertThat(streams.tells(packet(Protocol.UDP, 0, 4500), 0)).isTrue();
    assertThat(streams.tells(packet(Protocol.UDP, 0, 4501), 0)).isTrue();
    assertThat(streams.tells(packet(Protocol.TCP, 0x10, 4500), 0)).isTrue();
    Packet atAnotherDoor = packet(Protocol.UDP, 0, 4500);
    atAnotherDoor.door = 1;
    assertThat(streams.tells(atAnotherDoor, 0)).isTrue();
  }

  @Test
  void everySynIsTold() {
    Packet syn = packet(Protocol.TCP, 0x02, 4500);
    assertThat(streams.tells(syn, 0)).isTrue();
    assertThat(streams.tells(syn, 1)).isTrue();
  }
}
