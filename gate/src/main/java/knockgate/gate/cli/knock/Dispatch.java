package knockgate.gate.cli.knock;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.knock.Knocker;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands of {@code knockgate spa} do with a message; a mixin. */
final class Dispatch {
  @Option(names = "--print", description = "print the message, and send nothing")
  private boolean print;

  @Mixin private Afterwards afterwards = new Afterwards();

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /**
   * Sends a message by UDP and runs what {@code --then} says, or prints it.
   *
   * @param message ASCII text
   * @param from null = the kernel chooses
   * @return the command's exit code
   */
  int send(byte[] message, InetAddress target, @Nullable InetAddress from, int port) {
    if (print) {
      requireNonNull(command)
          .commandLine()
          .getOut()
          .println(new String(message, StandardCharsets.US_ASCII).strip());
      return ExitCode.OK.number();
    }
    new Knocker(target, from, message).knock(new Step(Protocol.UDP, port));
    return afterwards.run();
  }
}
