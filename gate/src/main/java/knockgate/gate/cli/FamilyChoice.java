package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import knockgate.gate.ExitCode;
import knockgate.gate.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options -4 and -6 of the clients; a mixin. */
final class FamilyChoice {
  @Option(names = "-4", description = "use an IPv4 address of HOST")
  private boolean v4;

  @Option(names = "-6", description = "use an IPv6 address of HOST")
  private boolean v6;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  private boolean fits(InetAddress address) {
    return (!v4 && !v6) || v4 == address instanceof Inet4Address;
  }

  /**
   * The first address of a name that fits the wanted family, in the system's own order: what
   * connects afterwards will most likely take the same.
   *
   * @param like what the address must share its family with; null = what -4 and -6 say
   * @throws Failure if there is none
   */
  InetAddress address(String name, @Nullable InetAddress like) {
    if (v4 && v6) {
      throw new ParameterException(
          requireNonNull(command).commandLine(), "-4 and -6 exclude each other; give one");
    }
    try {
      return Stream.of(InetAddress.getAllByName(name))
          .filter(found -> like == null ? fits(found) : like.getClass() == found.getClass())
          .findFirst()
          .orElseThrow(
              () -> new Failure(ExitCode.NOT_SO, name + " has no address of the wanted family"));
    } catch (UnknownHostException e) {
      throw new Failure(ExitCode.NOT_SO, "the name " + name + " is not known", e);
    }
  }
}
