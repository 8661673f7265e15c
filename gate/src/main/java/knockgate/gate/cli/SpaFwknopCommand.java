package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import knockgate.gate.ExitCode;
import knockgate.gate.Failure;
import knockgate.gate.knock.FwknopOrder;
import knockgate.gate.knock.FwknopRc;
import knockgate.gate.knock.Knocker;
import knockgate.rules.Protocol;
import knockgate.rules.Step;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

  @Option(
      names = "--source",
      paramLabel = "ADDRESS",
      description = "send from this address of this machine")
  private @Nullable String source;

  @Option(names = "--print", description = "print the message, and send nothing")
  private boolean print;

  @Mixin private FwknopWish wish = new FwknopWish();
  @Mixin private FwknopSeal seal = new FwknopSeal();
  @Mixin private Afterwards afterwards = new Afterwards();
  @Mixin private FamilyChoice families = new FamilyChoice();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (rcFile != null && stanza == null) {
      throw misused("--rc-file goes with -n STANZA");
    }
    FwknopRc rc = stanza == null ? FwknopRc.empty() : FwknopRc.read(rcFile(), stanza);
    InetAddress target = families.address(server(rc), null);
    InetAddress from = source == null ? null : families.address(source, target);
    int to = wish.port(rc, port, USUAL_PORT);
    FwknopOrder order = wish.order(rc, seal.keys(rc), seal.digest(rc), target, from);
    byte[] packet = packet(order, wish.clockAhead(rc));
    if (print) {
      requireNonNull(spec)
          .commandLine()
          .getOut()
          .println(new String(packet, StandardCharsets.US_ASCII));
      return ExitCode.OK.number();
    }
    new Knocker(target, from, packet).knock(new Step(Protocol.UDP, to));
    return afterwards.run();
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
      throw misused("give HOST, or SPA_SERVER in the stanza");
    }
    return server;
  }

  private Path rcFile() {
    return rcFile == null ? Path.of(System.getProperty("user.home"), ".fwknoprc") : rcFile;
  }

  private ParameterException misused(String sentence) {
    return new ParameterException(requireNonNull(spec).commandLine(), sentence);
  }
}
