package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import knockgate.gate.events.Decisions;
import knockgate.gate.events.EventFeed;
import knockgate.gate.events.EventTarget;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.hooks.HookWatch;
import knockgate.gate.policy.PolicyLoader;
import knockgate.gate.state.HookBook;
import knockgate.nfq.NetworkNamespace;
import knockgate.nfq.QueueOptions;
import knockgate.nfq.QueueSocket;
import knockgate.rules.Gatekeeper;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Outlets;
import knockgate.rules.policy.Policy;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lane on a real queue whose threads meet what nobody foresaw. */
class LaneIT {
  private static final String NAMESPACE = "knockgate-lane-" + ProcessHandle.current().pid();
  private static final int COPY_RANGE = 2048;

  @TempDir private Path folder;

  private final PrintStream err = new PrintStream(OutputStream.nullOutputStream());
  private final FaultLog faults = new FaultLog(err);
  private final CountDownLatch gaveUp = new CountDownLatch(1);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anErrorOfAnyThreadEndsTheGateAndNotThatThreadAlone(boolean split) throws Exception {
    run("ip", "netns", "add", NAMESPACE);
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    try {
      Thread inside = new Thread(() -> serveOnePacket(split, wrong));
      inside.start();
      inside.join();
    } finally {
      run("ip", "netns", "del", NAMESPACE);
    }
    assertThat(wrong.get()).isNull();
    assertThat(gaveUp.getCount()).isZero();
    assertThat(faults.counts()).hasSize(1);
  }

  private void serveOnePacket(boolean split, AtomicReference<Throwable> wrong) {
    try {
      NetworkNamespace.enter(Path.of("/run/netns/" + NAMESPACE));
      run("ip", "link", "set", "lo", "up");
      run("iptables", "-A", "INPUT", "-p", "udp", "--dport", "53", "-j", "NFQUEUE");
      Lane lane = lane(split);
      lane.start();
      try (DatagramSocket socket = new DatagramSocket()) {
        byte[] content = {1};
        InetAddress here = InetAddress.getLoopbackAddress();
        socket.send(new DatagramPacket(content, content.length, here, 53));
      }
      gaveUp.await(5, TimeUnit.SECONDS);
      lane.stop();
    } catch (Exception | Error e) {
      wrong.set(e);
    }
  }

  private Lane lane(boolean split) throws Exception {
    Path file = folder.resolve("policy.conf");
    Files.writeString(file, "doors { d { protects = [ udp/53 ], knock = [ 7000, 8000 ] } }");
    Policy policy = PolicyLoader.load(file);
    KnockState state = new KnockState(policy.limits());
    CurrentPolicy current = new CurrentPolicy(file, policy, state);
    String failing = split ? "gatekeeper-" : "lane-";
    Clocks clocks =
        new Clocks(
            () -> {
              if (Thread.currentThread().getName().startsWith(failing)) {
                // a newer jar has taken the place of the one that this class was in
                throw new NoClassDefFoundError("knockgate/gate/Gone");
              }
              return System.nanoTime();
            },
            System::currentTimeMillis);
    EventFeed feed = new EventFeed();
    HookWatch hooks = new HookWatch(current, state, new HookBook(), clocks, faults, err);
    EventTarget target = EventTarget.open(new Outlets.Events("none"), err);
    AuditRing audit = new AuditRing(new AuditHandler(new Decisions(), target, feed, hooks), faults);
    QueueSocket socket =
        QueueSocket.open(
            new QueueOptions(0, 64, false, COPY_RANGE, QueueOptions.receiveBufferFor(64)));
    VerdictHandler handler =
        new VerdictHandler(
            socket,
            Lane.BATCH,
            new Gatekeeper(current.plan(), state),
            current.plan(),
            clocks,
            audit,
            new GpgDesk(state, clocks, audit, faults, System.err),
            new LaneCounters(),
            new Instruments(state, clocks, audit, faults, feed, hooks).newRecorder(),
            faults,
            gaveUp::countDown);
    return new Lane(socket, COPY_RANGE, split, handler, clocks, faults, gaveUp::countDown);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + ": " + words).isZero();
  }
}
