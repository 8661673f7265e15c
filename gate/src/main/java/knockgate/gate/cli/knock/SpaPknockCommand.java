package knockgate.gate.cli.knock;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.concurrent.Callable;
import knockgate.gate.cli.policy.PolicyDoors;
import knockgate.gate.cli.policy.PolicyFile;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.knock.Knocker;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Spa;
import knockgate.rules.spa.PknockSpa;
import knockgate.rules.spa.Secret;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code knockgate spa pknock}: the client for xt_pknock's secrets. */
@Command(
    name = "pknock",
    header = "Send the open or the close message of xt_pknock.",
    description = {
      "%nThe message holds an HMAC of this machine's address and of the minute: clocks must agree,"
          + " and behind a NAT the address must be given as the gate sees it. The secret stands in"
          + " a file, in KNOCKGATE_SECRET, or is asked for. To an IPv6 address goes the extension"
          + " pknock6; a name with both families is taken by IPv4, unless -6 or --address says"
          + " otherwise.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate spa pknock --port 4002 --secret-file open.txt gate.example",
      "  knockgate spa pknock --port 4002 --secret-file open.txt --address 203.0.113.9"
          + " gate.example",
      "  knockgate spa pknock -c knockgate.conf --door imap --close gate.example",
      "in .ssh/config:",
      "  ProxyCommand knockgate spa pknock --port 4002 --secret-file s %%h --then 'nc %%h %%p'",
    })
final class SpaPknockCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "HOST", description = "name or address of the gate")
  private String host = "";

  @Option(names = "--port", paramLabel = "PORT", description = "UDP port of the door")
  private @Nullable Integer port;

  @Option(
      names = "--door",
      paramLabel = "NAME",
      description = "take port and secret from this door of the policy")
  private @Nullable String door;

  @Option(names = "--close", description = "with --door: send the close message")
  private boolean close;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      description = "this machine's address as the gate sees it (default: as packets leave here)")
  private @Nullable String address;

  @Mixin private PolicyFile policyFile = new PolicyFile();
  @Mixin private SecretOption secretOption = new SecretOption();
  @Mixin private Dispatch dispatch = new Dispatch();
  @Mixin private Route route = new Route();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if ((door == null) == (port == null)) {
      throw Misuse.of(spec, "give either --port or --door NAME");
    }
    if (port != null && (port < 1 || port > PortRange.HIGHEST)) {
      throw Misuse.of(spec, "there is no port " + port);
    }
    if (close && door == null) {
      throw Misuse.of(
          spec, "--close goes with --door; without, the secret says what the message does");
    }
    Spa found = door == null ? null : spa(door);
    Secret secret = found == null ? secret() : secretOf((PknockSpa) found.dialect());
    Prefix seen = address == null ? null : prefix(address);
    // xt_pknock knows IPv4 only, and the gate its extension only where the policy says so
    boolean v4 = seen == null || Prefix.isV4(seen.hi(), seen.lo());
    InetAddress target = route.to(host, it -> v4 == Route.isV4(it));
    InetAddress from = route.from(target);
    byte[] message = message(secret, seen == null ? sender(target, from) : seen);
    int to = found == null ? requireNonNull(port) : found.port();
    return dispatch.send(message, target, from, to);
  }

  private static byte[] message(Secret secret, Prefix sender) {
    return PknockSpa.message(secret, sender.hi(), sender.lo(), System.currentTimeMillis() / 1000);
  }

  private static Prefix sender(InetAddress target, @Nullable InetAddress from) {
    InetAddress sender = new Knocker(target, from, new byte[0]).sender();
    return Prefix.parse(sender.getHostAddress().replaceFirst("%.*", ""));
  }

  private Prefix prefix(String text) {
    try {
      if (text.contains("/")) {
        throw Misuse.of(spec, "\"" + text + "\" is a prefix; the message holds one address");
      }
      return Prefix.parse(text);
    } catch (IllegalArgumentException e) {
      throw Misuse.of(spec, String.valueOf(e.getMessage()));
    }
  }

  private Secret secret() {
    Secret secret = secretOption.find();
    if (secret.length() > PknockSpa.MAX_SECRET) {
      throw new Failure(
          ExitCode.NOT_SO,
          "the secret has "
              + secret.length()
              + " bytes; xt_pknock and the gate take "
              + PknockSpa.MAX_SECRET
              + " at most");
    }
    return secret;
  }

  private Spa spa(String name) {
    Door found = PolicyDoors.named(policyFile.load(), name);
    if (found.trigger() instanceof Spa spa && spa.dialect() instanceof PknockSpa) {
      return spa;
    }
    throw new Failure(ExitCode.NOT_SO, "door \"" + name + "\" does not open by pknock's messages");
  }

  private Secret secretOf(PknockSpa pknock) {
    Secret closing = pknock.close();
    if (close && closing == null) {
      throw new Failure(ExitCode.NOT_SO, "no message closes door \"" + door + "\"");
    }
    return close && closing != null ? closing : pknock.open();
  }
}
