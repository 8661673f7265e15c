package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unmodified fwknop client opens the gate, as far as its stanza goes and no further. */
class FwknopClientIT {
  private static final String SERVER = Family.IPV4.server;
  private static final String KEYS =
      " key = \"a-key-of-this-test\", hmac-key = \"an-hmac-key-of-this-test\" ";

  @TempDir Path folder;

  /** A policy whose doors are given, one on each line. */
  private static Scene scene(String... doors) {
    return new Scene(
        "limits { first-knocks = \"1000/s\" }\ndoors {\n" + String.join("\n", doors) + "\n}\n");
  }

  private static String door(String name, String protects, int port, String stanzas) {
    return "%s { protects = [ %s ], autoclose = 1m, spa { dialect = fwknop, port = %d, stanzas { %s } } }"
        .formatted(name, protects, port, stanzas);
  }

  private Fwknop fwknop(Scene scene) {
    return new Fwknop(scene.wire().client(), folder);
  }

  private static Predicate<Event> reason(String word) {
    return event -> event.field("reason").equals(word);
  }

  @Test
  void everyHmacDigestAndModeOpens() {
    List<String> hashes =
        List.of("md5", "sha1", "sha256", "sha384", "sha512", "sha3-256", "sha3-512");
    List<String> modes = List.of("cfb", "ofb", "ctr", "ecb");
    StringBuilder stanzas = new StringBuilder();
    hashes.forEach(hash -> stanzas.append(hash + " {" + KEYS + ", hmac = " + hash + " }, "));
    modes.forEach(mode -> stanzas.append(mode + " {" + KEYS + ", mode = " + mode + " }, "));
    stanzas.append("naked { key = \"another-key\", insecure = true }, ");
    stanzas.append("legacy { key = \"a-third-key\", insecure = true, mode = legacy }");
    try (Scene scene = scene(door("gate", "\"tcp/22\"", 62201, stanzas.toString()))) {
      Fwknop fwknop = fwknop(scene);
      int host = 100;
      for (String hash : hashes) {
        String theirs = hash.replace('-', '_');
        fwknop.send(ask(++host, "--hmac-digest-type", theirs, "-m", theirs)).ok();
        assertOpened(scene, hash, host);
      }
      for (String mode : modes) {
        fwknop.send(ask(++host, "-M", mode)).ok();
        assertOpened(scene, mode, host);
      }
      fwknop.sealed("another-key", "", ask(++host)).ok();
      assertOpened(scene, "naked", host);
      fwknop.sealed("a-third-key", "", ask(++host, "-M", "legacy")).ok();
      assertOpened(scene, "legacy", host);
    }
  }

  private static String[] ask(int host, String... more) {
    List<String> all = new ArrayList<>(List.of("-A", "tcp/22", "-a", Family.IPV4.host(host)));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static void assertOpened(Scene scene, String stanza, int host) {
    Peer peer = scene.wire().peer(Family.IPV4.host(host));
    assertThat(peer.gets(SERVER, 22)).as("%s %s", stanza, scene.gate()).isTrue();
    Event event =
        scene.gate().awaitEvent(stanza, e -> e.field("granted_to").equals(peer.address()));
    assertThat(event.field("reason")).isEqualTo("spa-opened");
    assertThat(event.field("stanza")).isEqualTo(stanza);
    assertThat(event.field("granted")).isEqualTo("tcp/22");
  }

  @Test
  void theAddressInsideGetsInAndZeroIsTheSourceAndResolvingAsksTheWeb() {
    try (Scene scene =
        scene(door("gate", "\"tcp/22\", \"tcp/80\"", 62201, "alice {" + KEYS + "}"))) {
      Fwknop fwknop = fwknop(scene);
      Peer friend = scene.friend(Family.IPV4);
      Peer other = scene.wire().peer(Family.IPV4.host(77));
      fwknop.send("-A", "tcp/22", "-a", other.address()).ok();
      assertThat(other.gets(SERVER, 22)).as("-a %s", scene.gate()).isTrue();
      assertThat(other.gets(SERVER, 80)).as("a port that was not asked for").isFalse();
      assertThat(friend.gets(SERVER, 22)).as("the sender").isFalse();

      fwknop.send("-A", "tcp/22,tcp/80", "-s").ok();
      assertThat(friend.gets(SERVER, 22)).as("-s %s", scene.gate()).isTrue();
      assertThat(friend.gets(SERVER, 80)).as("both ports").isTrue();

      // what a web server would say that sees the client from outside
      String answer = "HTTP/1.0 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n192.0.2.78\\r\\n";
      String web =
          "printf '" + answer + "' | timeout 20 nc -N -l 127.0.0.1 8080 >/dev/null & sleep 0.3; ";
      String rc = folder.resolve("fwknoprc").toString();
      scene
          .wire()
          .client()
          .run(
              "sh",
              "-c",
              web
                  + "exec fwknop --rc-file "
                  + rc
                  + " -n gate --no-save-args -D "
                  + SERVER
                  + " -A tcp/22 -R --resolve-http-only --resolve-url http://127.0.0.1:8080/myip")
          .ok();
      Peer resolved = scene.wire().peer("192.0.2.78");
      assertThat(resolved.gets(SERVER, 22)).as("-R %s", scene.gate()).isTrue();
    }
  }

  @Test
  void theTimeoutIsAsAskedUpToTheCeiling() {
    String stanza = "alice {" + KEYS + ", timeout = 30s, max-timeout = 40s }";
    try (Scene scene = scene(door("gate", "\"tcp/22\"", 62201, stanza))) {
      Fwknop fwknop = fwknop(scene);
      Peer brief = scene.wire().peer(Family.IPV4.host(101));
      fwknop.send(ask(101, "-f", "2")).ok();
      assertThat(brief.gets(SERVER, 22)).as("%s", scene.gate()).isTrue();
      fwknop.send(ask(102)).ok();
      fwknop.send(ask(103, "-f", "3600")).ok();
      assertThat(grantedMs(scene, 101)).isEqualTo("2000");
      assertThat(grantedMs(scene, 102)).isEqualTo("30000");
      assertThat(grantedMs(scene, 103)).isEqualTo("40000");
      scene.gate().awaitEvent("the end of the grant", reason("autoclosed"));
      assertThat(brief.gets(SERVER, 22)).as("after its time").isFalse();
      assertThat(scene.wire().peer(Family.IPV4.host(102)).gets(SERVER, 22)).isTrue();
    }
  }

  private static String grantedMs(Scene scene, int host) {
    String address = Family.IPV4.host(host);
    return scene
        .gate()
        .awaitEvent("grant", event -> event.field("granted_to").equals(address))
        .field("ms");
  }

  @Test
  void addressTranslationIsRefusedUnlessThePolicyMapsIt() {
    String stanza = "alice {" + KEYS + ", nat { \"10.1.2.3,80\" = \"tcp/2222\" } }";
    try (Scene scene = scene(door("gate", "\"tcp/22\", \"tcp/2222\"", 62201, stanza))) {
      scene.wire().serving(2222);
      Fwknop fwknop = fwknop(scene);
      fwknop.send("-A", "tcp/22", "-s", "-N", "10.1.2.3:22").ok();
      fwknop.send("-A", "tcp/22", "-s", "-N", "10.1.2.3:22", "-f", "9").ok();
      fwknop.send("-A", "tcp/22", "-s", "--nat-local", "--nat-port", "2222").ok();
      scene.gate().awaitEvent("third refusal", e -> refusals(scene, "spa-nat") == 3);
      Event refusal = scene.gate().events(reason("spa-nat")).get(0);
      assertThat(refusal.field("text")).contains("address translation");
      assertThat(refusal.field("user")).isEqualTo("alice");
      Peer friend = scene.friend(Family.IPV4);
      assertThat(friend.gets(SERVER, 22)).isFalse();

      fwknop.send("-A", "tcp/80", "-s", "-N", "10.1.2.3:80").ok();
      assertThat(friend.gets(SERVER, 2222)).as("mapped %s", scene.gate()).isTrue();
      assertThat(friend.gets(SERVER, 22)).isFalse();
    }
  }

  private static int refusals(Scene scene, String word) {
    return scene.gate().events(reason(word)).size();
  }

  /** The inner host is 10.9.9.2; the client's namespace stands in for its router. */
  @Test
  void behindATranslatingRouterTheSourceIsTheRouters() {
    String name = "kgit-" + ProcessHandle.current().pid() + "-inner";
    try (Scene scene =
            scene(door("gate", "\"tcp/22\", \"tcp/80\"", 62201, "alice {" + KEYS + "}"));
        Namespace inner = Namespace.create(name)) {
      Namespace router = scene.wire().client();
      router.ip("link add inside type veth peer name outside netns " + name);
      router.ip("address add 10.9.9.1/24 dev inside");
      router.ip("link set inside up");
      inner.ip("address add 10.9.9.2/24 dev outside");
      inner.ip("link set outside up");
      inner.ip("route add default via 10.9.9.1");
      router.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward").ok();
      String snat = "-t nat -A POSTROUTING -s 10.9.9.0/24 -j SNAT --to-source 192.0.2.88";
      List<String> command = new ArrayList<>(List.of("iptables"));
      command.addAll(List.of(snat.split(" ", -1)));
      router.run(command.toArray(String[]::new)).ok();

      Fwknop fwknop = new Fwknop(inner, folder);
      Peer host = new Peer(inner, "10.9.9.2");
      fwknop.send("-A", "tcp/22", "-a", "10.9.9.2").ok();
      assertThat(host.gets(SERVER, 22)).as("its own idea of its address").isFalse();
      fwknop.send("-A", "tcp/80", "-a", "192.0.2.88").ok();
      assertThat(host.gets(SERVER, 80)).as("the router's address %s", scene.gate()).isTrue();
      fwknop.send("-A", "tcp/22", "-s").ok();
      assertThat(host.gets(SERVER, 22)).as("-s %s", scene.gate()).isTrue();
      assertThat(scene.stranger(Family.IPV4).gets(SERVER, 22)).isFalse();
    }
  }
}
