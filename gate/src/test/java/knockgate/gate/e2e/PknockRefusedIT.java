package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Messages of xt_pknock's dialect that open nothing: forged, stolen, old, cut, sent again. */
class PknockRefusedIT {
  private static final String SERVER = Family.IPV4.server;

  private static int count(Scene scene, String field, String word) {
    return scene.gate().events(event -> event.field(field).equals(word)).size();
  }

  @Test
  void anotherSecretAddressMinuteOrLengthOpensNothing() {
    try (Scene scene = new Scene(Messages.DOORS)) {
      Peer friend = scene.friend(Family.IPV4);
      Peer stranger = scene.stranger(Family.IPV4);
      String mine = friend.address();
      byte[] right = Messages.pknock(mine);
      friend.say(SERVER, Messages.PKNOCK_PORT, Messages.pknock("another secret", mine));
      friend.say(SERVER, Messages.PKNOCK_PORT, Messages.pknock(Messages.PKNOCK_CLOSE, mine));
      friend.say(SERVER, Messages.PKNOCK_PORT, Messages.pknock(stranger.address()));
      stranger.say(SERVER, Messages.PKNOCK_PORT, right);
      for (int minutes : new int[] {-5, 5}) {
        byte[] other = Messages.pknock(Messages.PKNOCK_SECRET, mine, minutes * 60L);
        friend.say(SERVER, Messages.PKNOCK_PORT, other);
      }
      for (int length = 0; length < right.length - 1; length++) {
        friend.say(SERVER, Messages.PKNOCK_PORT, Arrays.copyOf(right, length));
      }
      for (int i = 0; i < right.length - 1; i++) {
        byte[] flipped = right.clone();
        flipped[i] ^= 1;
        friend.say(SERVER, Messages.PKNOCK_PORT, flipped);
      }
      friend.say(SERVER, Messages.PKNOCK_PORT + 1, right);
      assertThat(friend.gets(SERVER, 80)).isFalse();
      assertThat(stranger.gets(SERVER, 80)).isFalse();
      scene.gate().awaitEvent("a refusal", event -> event.field("reason").equals("spa-hmac"));
      assertThat(count(scene, "event", "grant")).as("%s", scene.gate()).isZero();

      friend.say(SERVER, Messages.PKNOCK_PORT, right);
      assertThat(friend.gets(SERVER, 80)).as("the right one, %s", scene.gate()).isTrue();
    }
  }

  @Test
  void eachMessageOpensOnceAlsoAfterTheDoorWasShut() {
    try (Scene scene = new Scene(Messages.DOORS)) {
      Peer friend = scene.friend(Family.IPV4);
      byte[] open = Messages.pknock(friend.address());
      byte[] close = Messages.pknock(Messages.PKNOCK_CLOSE, friend.address());
      friend.say(SERVER, Messages.PKNOCK_PORT, open);
      assertThat(friend.gets(SERVER, 80)).isTrue();
      friend.say(SERVER, Messages.PKNOCK_PORT, close);
      assertThat(friend.gets(SERVER, 80)).isFalse();
      friend.say(SERVER, Messages.PKNOCK_PORT, open);
      // the last byte is not part of the message: this is the same one
      byte[] disguised = open.clone();
      disguised[disguised.length - 1] = 'x';
      friend.say(SERVER, Messages.PKNOCK_PORT, disguised);
      friend.say(SERVER, Messages.PKNOCK_PORT, Arrays.copyOf(open, open.length - 1));
      scene.gate().awaitEvent("a replay", event -> event.field("reason").equals("spa-replay"));
      assertThat(friend.gets(SERVER, 80)).as("%s", scene.gate()).isFalse();
      assertThat(count(scene, "event", "grant")).isEqualTo(1);
    }
  }

  @Test
  void withoutTheExtensionNoIpv6PeerOpens() {
    try (Scene scene = new Scene(Messages.DOORS.replace("ipv6 = pknock6", ""))) {
      Peer friend = scene.friend(Family.IPV6);
      String server = Family.IPV6.server;
      friend.say(server, Messages.PKNOCK_PORT, Messages.pknock(friend.address()));
      scene.gate().awaitEvent("refusal", event -> event.field("reason").equals("spa-family"));
      assertThat(friend.gets(server, 80)).isFalse();
    }
  }
}
