package knockgate.gate.cli.knock;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.knock.FwknopOrder;
import knockgate.gate.knock.FwknopRc;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code knockgate spa fwknop}: a client for fwknop's dialect; fwknopd understands it too. */
@Command(
    name = "fwknop",
    header = "Send a message of fwknop's dialect.",
    description = {
      "%nWhat is not said here comes from a stanza of fwknop's rc file, if -n names one. Keys stand"
          + " in that file, in files of their own, in KNOCKGATE_KEY and KNOCKGATE_HMAC_KEY, or are"
          + " asked for on the terminal.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate spa fwknop -n gate.example",
      "  knockgate spa fwknop -A tcp/22 --key-file k --hmac-key-file h gate.example",
      "  knockgate spa fwknop -n gate.example --then 'ssh gate.example'",
      "in .ssh/config:",
      "  ProxyCommand knockgate spa fwknop -n %%h --then 'nc %%h %%p'",
    })
final class SpaFwknopCommand implements Callable<Integer> {
  private static final int USUAL_PORT = 62_201;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "HOST",
      description = "name or address of the gate (default: SPA_SERVER of the stanza)")
  private @Nullable String host;

  @Option(
      names = {"-n", "--named-config"},
      paramLabel = "STANZA",
      description = "the stanza of the rc file")
  private @Nullable String stanza;

  @Option(
      names = "--rc-file",
      paramLabel = "FILE",
      description = "the rc file (default: .fwknoprc in the home folder)")
  private @Nullable Path rcFile;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "UDP port that messages go to (default: 62201)")
  private @Nullable Integer port;

  @Mixin private FwknopWish wish = new FwknopWish();
  @Mixin private FwknopSeal seal = new FwknopSeal();
  @Mixin private Dispatch dispatch = new Dispatch();
  @Mixin private Route route = new Route();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (rcFile != null && stanza == null) {
      throw Misuse.of(spec, "--rc-file goes with -n STANZA");
    }
    FwknopRc rc = stanza == null ? FwknopRc.empty() : FwknopRc.read(rcFile(), stanza);
    boolean v4 = wish.namesAnAddress(rc); // and the dialect has IPv4 ones only
    InetAddress target = route.to(server(rc), it -> !v4 || Route.isV4(it));
    InetAddress from = route.from(target);
    int to = wish.port(rc, port, USUAL_PORT);
    FwknopOrder order = wish.order(rc, seal.keys(rc), seal.digest(rc), target, from);
    return dispatch.send(packet(order, wish.clockAhead(rc)), target, from, to);
  }

  /**
   * @param ahead seconds that the message's clock is ahead of this machine's
   */
  private static byte[] packet(FwknopOrder order, long ahead) {
    try {
      return order.packet(System.currentTimeMillis() / 1000 + ahead, new SecureRandom());
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.NOT_SO, String.valueOf(e.getMessage()), e);
    }
  }

  private String server(FwknopRc rc) {
    String server = host == null ? rc.get("SPA_SERVER") : host;
    if (server == null) {
      throw Misuse.of(spec, "give HOST, or SPA_SERVER in the stanza");
    }
    return server;
  }

  private Path rcFile() {
    return rcFile == null ? Path.of(System.getProperty("user.home"), ".fwknoprc") : rcFile;
  }
}
