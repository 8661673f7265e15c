package knockgate.gate.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.concurrent.Callable;
import knockgate.gate.Daemon;
import knockgate.gate.ExitCode;
import knockgate.gate.Failure;
import knockgate.gate.Privileges;
import knockgate.nfq.NativeException;
import knockgate.rules.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code knockgate run}: the daemon, in the foreground. */
@Command(
    name = "run",
    description = {
      "Gives verdicts until SIGTERM or SIGINT. Events go to standard output, one JSON object a line;",
      "what people read goes to standard error. Needs CAP_NET_ADMIN, and the rules that",
      "\"knockgate rules\" prints, or no packet comes."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate run                       with /etc/knockgate/knockgate.conf",
      "  knockgate run -c test.conf | jq .   events, as they happen",
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private PolicyFile policyFile = new PolicyFile();

  @Override
  public Integer call() throws InterruptedException {
    Policy policy = policyFile.load();
    String warning = Privileges.warning();
    if (warning != null) {
      System.err.println("knockgate: " + warning);
    }
    BufferedOutputStream events =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    Daemon daemon = new Daemon(policy, policyFile.path(), events, System.err);
    daemon.notifyServiceManager(System.getenv());
    daemon.obeySignals();
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
