package knockgate.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import knockgate.gate.control.ControlRoom;
import knockgate.gate.control.ControlServer;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.metrics.MetricsServer;
import knockgate.rules.policy.Outlets;
import org.jspecify.annotations.Nullable;

/**
 * What a running gate has open for people and programs: its control socket and its metrics. Used by
 * the thread that runs the daemon.
 */
final class OpenOutlets implements AutoCloseable {
  private final ControlRoom room;
  private final FaultLog faults;
  private final PrintStream err;
  private @Nullable ControlServer control;
  private @Nullable MetricsServer metrics;

  OpenOutlets(ControlRoom room, FaultLog faults, PrintStream err) {
    this.room = room;
    this.faults = faults;
    this.err = err;
  }

  /**
   * Opens what a policy wants.
   *
   * @throws Failure when something that the policy names cannot be had
   */
  void open(Outlets outlets) {
    openControl(outlets.control());
    Outlets.Metrics wanted = outlets.metrics();
    if (wanted != null) {
      openMetrics(wanted, outlets.control().group());
    }
  }

  private void openMetrics(Outlets.Metrics wanted, @Nullable String group) {
    try {
      metrics =
          MetricsServer.start(
              wanted, group, room.instruments(), () -> room.current().policy().observe(), faults);
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, "metrics.listen: " + e.getMessage(), e);
    }
  }

  /** A gate without its usual socket still guards; one whose policy names a socket must have it. */
  private void openControl(Outlets.Control wanted) {
    String socket = wanted.socket();
    if (socket == null) {
      return;
    }
    try {
      control = ControlServer.start(Path.of(socket), wanted.group(), room, faults);
    } catch (IOException e) {
      if (wanted.demanded()) {
        throw new Failure(ExitCode.CANNOT, "control.socket: " + e.getMessage(), e);
      }
      err.println("knockgate: warning: no control socket: " + e.getMessage());
    }
  }

  /** Whether commands reach the gate. */
  boolean hasControl() {
    return control != null;
  }

  @Override
  public void close() {
    if (control != null) {
      control.close();
    }
    if (metrics != null) {
      metrics.close();
    }
  }
}
