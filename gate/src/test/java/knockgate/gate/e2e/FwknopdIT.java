package knockgate.gate.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real fwknopd understands what our client sends. It watches the wire itself and opens its own
 * chain of iptables, in the server's namespace; no gate is there.
 */
class FwknopdIT {
  private static final String SERVER = Family.IPV4.server;
  private static final int FIRST_HOST = 100;

  @TempDir Path folder;

  /**
   * One stanza of access.conf, and how our client is told the same.
   *
   * @param hmac as fwknop writes it; empty = none
   */
  private record Row(String hmac, String digest, String mode) {
    /** The server's: one source address for each row, so that no other stanza takes its packet. */
    String stanza(String address) {
      String common = "SOURCE %s\nOPEN_PORTS tcp/22\nFW_ACCESS_TIMEOUT 20\n".formatted(address);
      String key = "KEY_BASE64 " + base64(Messages.FWKNOP_KEY) + "\n";
      String sealed =
          hmac.isEmpty()
              ? ""
              : "HMAC_KEY_BASE64 "
                  + base64(Messages.FWKNOP_HMAC_KEY)
                  + "\nHMAC_DIGEST_TYPE "
                  + hmac
                  + "\n";
      return common + key + sealed + "ENCRYPTION_MODE " + mode + "\n";
    }

    List<String> options() {
      List<String> options = new ArrayList<>(List.of("-m", digest, "-M", mode));
      options.addAll(hmac.isEmpty() ? List.of("--no-hmac") : List.of("--hmac-digest-type", hmac));
      return options;
    }
  }

  private static List<Row> rows() {
    Stream<Row> hashes =
        Stream.of("MD5", "SHA1", "SHA256", "SHA384", "SHA512", "SHA3_256", "SHA3_512")
            .map(hash -> new Row(hash, hash, "CBC"));
    Stream<Row> modes =
        Stream.of("CFB", "OFB", "CTR", "ECB").map(mode -> new Row("SHA256", "SHA256", mode));
    return Stream.concat(
            Stream.concat(hashes, modes),
            Stream.of(new Row("", "SHA256", "CBC"), new Row("", "SHA256", "legacy")))
        .toList();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private Daemon fwknopd(Wire wire, String access) throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    file("access.conf", access);
    file(
        "fwknopd.conf",
        """
        PCAP_INTF              wire;
        PCAP_FILTER            udp port 62201;
        ENABLE_IPT_FORWARDING  N;
        FWKNOP_RUN_DIR         %s;
        FWKNOP_CONF_DIR        %s;
        """
            .formatted(run, folder));
    return Daemon.start(
        wire.server(),
        folder.resolve("fwknopd.log"),
        "Starting fwknopd main event loop",
        "/usr/sbin/fwknopd",
        "--foreground",
        "--syslog-enable",
        "-c",
        folder.resolve("fwknopd.conf").toString(),
        "-a",
        folder.resolve("access.conf").toString(),
        "-d",
        run.resolve("digest.cache").toString(),
        "-p",
        run.resolve("fwknopd.pid").toString());
  }

  private Path file(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static Run send(Wire wire, String from, List<String> more) {
    List<String> command =
        new ArrayList<>(List.of("spa", "fwknop", "-A", "tcp/22", "--source", from, SERVER));
    command.addAll(more);
    Map<String, String> keys =
        Map.of(
            "KNOCKGATE_KEY", Messages.FWKNOP_KEY, "KNOCKGATE_HMAC_KEY", Messages.FWKNOP_HMAC_KEY);
    return Gate.command(wire.client(), keys, command.toArray(String[]::new)).ok();
  }

  private static String chain(Wire wire) {
    return wire.server().run("iptables", "-S", "FWKNOP_INPUT").ok().out();
  }

  @Test
  void takesOurMessagesInEveryModeWithEveryHashAndOpens() throws IOException {
    List<Row> rows = rows();
    StringBuilder access = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      access.append(rows.get(i).stanza(Family.IPV4.host(FIRST_HOST + i))).append('\n');
    }
    try (Wire wire = new Wire().serving(22)) {
      wire.server().run("iptables", "-A", "INPUT", "-p", "tcp", "--dport", "22", "-j", "DROP").ok();
      try (Daemon fwknopd = fwknopd(wire, access.toString())) {
        for (int i = 0; i < rows.size(); i++) {
          String from = Family.IPV4.host(FIRST_HOST + i);
          List<String> options = new ArrayList<>(rows.get(i).options());
          options.addAll(i % 2 == 0 ? List.of("-s") : List.of("-a", from));
          send(wire, from, options);
          fwknopd.await("Added access rule to FWKNOP_INPUT for " + from + " -> 0.0.0.0/0 tcp/22");
          assertThat(chain(wire)).as("%s\n%s", rows.get(i), fwknopd.log()).contains(from + "/32");
        }
        Peer first = wire.peer(Family.IPV4.host(FIRST_HOST));
        assertThat(first.gets(SERVER, 22)).as(fwknopd.log()).isTrue();
        assertThat(wire.peer(Family.IPV4.stranger()).gets(SERVER, 22)).isFalse();
      }
    }
  }

  @Test
  void keepsTheTimeoutThatWeAskFor() throws IOException {
    String from = Family.IPV4.host(FIRST_HOST);
    try (Wire wire = new Wire().serving(22);
        Daemon fwknopd = fwknopd(wire, new Row("SHA256", "SHA256", "CBC").stanza(from))) {
      long before = System.currentTimeMillis() / 1000;
      send(wire, from, List.of("-s", "-f", "300"));
      fwknopd.await("Added access rule");
      String expires = chain(wire).replaceAll("(?s).*_exp_(\\d+).*", "$1");
      assertThat(Long.parseLong(expires)).isBetween(before + 299, before + 330);
    }
  }

  @Test
  void anRcStanzaOfOurKeygenServesBothEnds() throws IOException {
    try (Wire wire = new Wire().serving(22)) {
      String keys =
          Gate.command(wire.client(), "keygen")
              .ok()
              .out()
              .replaceAll("(?s).*# in the stanza of .fwknoprc\n", "");
      String access = "SOURCE ANY\nOPEN_PORTS tcp/22\n" + keys.replaceAll("USE_HMAC.*\n", "");
      String rc =
          file("rc", "[gate]\nSPA_SERVER " + SERVER + "\nACCESS tcp/22\n" + keys).toString();
      try (Daemon fwknopd = fwknopd(wire, access)) {
        Gate.command(wire.client(), "spa", "fwknop", "-n", "gate", "--rc-file", rc).ok();
        fwknopd.await("Added access rule to FWKNOP_INPUT for " + Family.IPV4.friend());
        assertThat(chain(wire)).contains(Family.IPV4.friend() + "/32");
      }
    }
  }
}
