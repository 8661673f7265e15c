package knockgate.gate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ssh knocks by itself: a client of ours is its ProxyCommand. */
class SshIT {
  @TempDir Path folder;

  @Test
  void aClientIsSshsProxyCommand() throws IOException {
    try (Scene scene = new Scene(Messages.DOORS);
        Daemon sshd = sshd(scene)) {
      String server = Family.IPV4.server;
      assertThat(ssh(scene, "nc -w 1 %h %p").exitCode()).as("without a knock").isNotZero();

      String knock = Gate.LAUNCHER + " knock -c " + scene.policy() + " --door rotating";
      Run run = ssh(scene, knock + " %h --then 'nc %h %p'");
      assertThat(run.out()).as("%s\n%s", sshd.log(), scene.gate()).contains("in by way of 443");
      assertThat(run.exitCode()).isZero();
      assertThat(scene.stranger(Family.IPV4).gets(server, 443)).as("a stranger").isFalse();
    }
  }

  /** Which has no lines that go on in the next one, for example. */
  @Test
  void theConfigurationInTheManualIsOneOfSshs() throws IOException {
    String page = Files.readString(Path.of("src/main/man/knockgate-spa.7.adoc"));
    int begin = page.indexOf("\nHost ");
    String text = page.substring(begin, page.indexOf("\n----\n", begin)) + "\n";
    assertThat(text).contains("knockgate spa fwknop", "knockgate knock --rotating");
    Path file = Files.writeString(folder.resolve("config"), text);
    Run run = Run.of("ssh", "-G", "-F", file.toString(), "mail.example");
    assertThat(run.ok().out()).contains("\nproxycommand knockgate knock --rotating imap ");
  }

  private Daemon sshd(Scene scene) throws IOException {
    for (String name : List.of("host", "mine")) {
      Run.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.resolve(name).toString())
          .ok();
    }
    Files.createDirectories(Path.of("/run/sshd")); // where sshd insists to be alone
    Path configuration =
        Files.writeString(
            folder.resolve("sshd_config"),
            """
            Port 443
            HostKey %s/host
            AuthorizedKeysFile %s/mine.pub
            StrictModes no
            PidFile none
            UsePAM yes
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            """
                .formatted(folder, folder));
    return Daemon.start(
        scene.wire().server(),
        folder.resolve("sshd.log"),
        "Server listening on 0.0.0.0 port 443",
        "/usr/sbin/sshd",
        "-D",
        "-e",
        "-f",
        configuration.toString());
  }

  private Run ssh(Scene scene, String proxyCommand) {
    List<String> command =
        List.of(
            "ssh",
            "-F",
            "none",
            "-p",
            "443",
            "-i",
            folder.resolve("mine").toString(),
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "ConnectTimeout=10",
            "-o",
            "ProxyCommand=" + proxyCommand,
            "root@" + Family.IPV4.server,
            "echo in by way of ${SSH_CONNECTION##* }");
    return Run.with(Map.of(), scene.wire().client().command(command));
  }
}
