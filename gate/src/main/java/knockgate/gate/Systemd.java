package knockgate.gate;

import java.util.Map;
import knockgate.gate.fault.FaultLog;
import knockgate.nfq.NativeException;
import knockgate.nfq.NotifySocket;
import org.jspecify.annotations.Nullable;

/**
 * Tells the service manager how the gate is (sd_notify(3)): ready, reading its policy again,
 * ending, and, where it watches, alive. Without one, nothing happens. Any thread. The socket stays
 * open until the process ends.
 */
final class Systemd {
  /** Nobody to tell. */
  static final Systemd NONE = new Systemd(null, false, null);

  private final @Nullable NotifySocket socket;
  private final boolean watches;
  private final @Nullable FaultLog faults;

  private Systemd(@Nullable NotifySocket socket, boolean watches, @Nullable FaultLog faults) {
    this.socket = socket;
    this.watches = watches;
    this.faults = faults;
  }

  /**
   * The service manager that the environment names.
   *
   * @param environment with NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, or none of them
   */
  static Systemd of(Map<String, String> environment, FaultLog faults) {
    String address = environment.get("NOTIFY_SOCKET");
    if (address == null || address.isEmpty()) {
      return NONE;
    }
    String pid = Long.toString(ProcessHandle.current().pid());
    boolean watches =
        environment.containsKey("WATCHDOG_USEC")
            && environment.getOrDefault("WATCHDOG_PID", pid).equals(pid); // or not ours to answer
    try {
      return new Systemd(NotifySocket.open(address), watches, faults);
    } catch (NativeException e) {
      faults.record("service manager", e);
      return NONE;
    }
  }

  /** Every lane serves its queue. */
  void ready(String status) {
    tell("READY=1\nSTATUS=" + status);
  }

  /** The policy is being read again; {@link #ready} ends that. */
  void reloading() {
    // systemd compares it with CLOCK_MONOTONIC, which nanoTime is on Linux.
    tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
  }

  /** The gate is ending. */
  void stopping() {
    tell("STOPPING=1");
  }

  /** What it does now, for people who ask {@code systemctl status}. */
  void status(String text) {
    tell("STATUS=" + text);
  }

  /** Every lane answers. Not said in time, the service manager starts the gate anew. */
  void alive() {
    if (watches) {
      tell("WATCHDOG=1");
    }
  }

  private void tell(String text) {
    if (socket != null) {
      try {
        socket.send(text);
      } catch (NativeException e) {
        if (faults != null) {
          faults.record("service manager", e);
        }
      }
    }
  }
}
