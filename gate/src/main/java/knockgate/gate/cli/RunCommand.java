package knockgate.gate.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import knockgate.gate.Daemon;
import knockgate.gate.cli.policy.PolicyFile;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.policy.ExposedSecrets;
import knockgate.gate.process.Privileges;
import knockgate.nfq.NativeException;
import knockgate.rules.policy.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code knockgate run}: the daemon, in the foreground. */
@Command(
    name = "run",
    header = "Give verdicts until SIGTERM or SIGINT.",
    description = {
      "%nEvents go to standard output, one JSON object a line; what people read goes to standard"
          + " error. Needs CAP_NET_ADMIN, and the rules that \"knockgate rules\" prints, or no packet"
          + " comes.",
      "%nWith --confirm, a gate that nobody confirms in time only observes from then on: everything"
          + " is decided and told, but accepted, so nobody is locked out. It does not stop, as a"
          + " gate that is down leaves the protected ports shut.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate run                       with /etc/knockgate/knockgate.conf",
      "  knockgate run -c test.conf | jq .   events, as they happen",
      "  knockgate run --confirm 60s         then, if you still get in: knockgate confirm",
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private PolicyFile policyFile = new PolicyFile();

  @Option(
      names = "--confirm",
      paramLabel = "TIME",
      converter = ConfirmTime.class,
      description = "only observe from then on, unless \"knockgate confirm\" comes within TIME")
  private @Nullable Duration confirm;

  /**
   * The policy of a command line that is nothing but {@code run}, or {@code run -c FILE}: how
   * service managers start the gate. Null = picocli must read it, which takes a fifth of a start.
   */
  static @Nullable PolicyFile plainPolicy(String[] args) {
    if (args.length == 0 || !args[0].equals("run")) {
      return null;
    }
    return PolicyFile.plain(Arrays.asList(args).subList(1, args.length));
  }

  @Override
  public Integer call() throws InterruptedException {
    return serve(policyFile, confirm);
  }

  /**
   * Gives verdicts until a signal.
   *
   * @param confirm time to confirm; null = nobody need
   * @return the exit code
   */
  static int serve(PolicyFile policyFile, @Nullable Duration confirm) throws InterruptedException {
    Policy policy = policyFile.load();
    String warning = Privileges.warning();
    if (warning != null) {
      System.err.println("knockgate: " + warning);
    }
    ExposedSecrets.of(policyFile.path(), policy)
        .forEach(
            (path, file) ->
                System.err.println(
                    "knockgate: warning: every user of this machine may read "
                        + path
                        + ": chmod 640 "
                        + file));
    BufferedOutputStream events =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    Daemon daemon = new Daemon(policy, policyFile.path(), events, System.err);
    daemon.notifyServiceManager(System.getenv());
    daemon.obeySignals();
    if (confirm != null) {
      daemon.observeUnlessConfirmed(confirm);
    }
    try {
      return (daemon.run() ? ExitCode.OK : ExitCode.INTERNAL).number();
    } catch (NativeException e) {
      throw new Failure(exitCode(e.kind()), String.valueOf(e.getMessage()), e);
    }
  }

  private static ExitCode exitCode(NativeException.Kind kind) {
    return switch (kind) {
      case PERMISSION, BUSY, OTHER -> ExitCode.KERNEL;
      case MISSING_LIBRARY, UNSUPPORTED -> ExitCode.CANNOT;
    };
  }
}
