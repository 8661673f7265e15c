package knockgate.gate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import knockgate.gate.control.ControlRoom;
import knockgate.gate.events.Decisions;
import knockgate.gate.events.EventFeed;
import knockgate.gate.events.EventTarget;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.hooks.HookWatch;
import knockgate.gate.policy.PolicyLoader;
import knockgate.gate.state.HookBook;
import knockgate.rules.Gatekeeper;
import knockgate.rules.KnockState;
import knockgate.rules.Packet;
import knockgate.rules.policy.Outlets;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Reason;
import knockgate.rules.words.Step;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * A gate without a kernel: its policy, tables, memory and control room are real; packets and time
 * come from the test.
 */
public final class BareGate {
  /** The wall clock when the gate starts: 2026-11-22 12:00 UTC. */
  public static final long START_EPOCH_MS = 1_795_348_800_000L;

  private final Path file;
  private final KnockState state;
  private final Gatekeeper keeper;
  private final Packet packet = new Packet();
  private final Decisions decisions = new Decisions();
  private final EventFeed feed = new EventFeed();
  private final AuditRing audit;
  private final CurrentPolicy current;
  private final ControlRoom room;
  private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(complaints, true, StandardCharsets.UTF_8);
  private final FaultLog faults = new FaultLog(err);
  private final HookBook book = new HookBook();
  private final HookWatch hooks;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final LaneCounters counters = new LaneCounters();
  private final SingleWriterRecorder latencies;
  private LaneReading.@Nullable Kernel kernel = new LaneReading.Kernel(8, 9, 10);
  private final AtomicLong nowMs = new AtomicLong();
  private Runnable meanwhile = () -> {};
  private boolean saves = true;
  private int sequence;

  /** A gate with the policy that a file holds. */
  public BareGate(Path file) {
    this.file = file;
    Clocks clocks = new Clocks(this::readNs, this::epochMs);
    Policy policy = PolicyLoader.load(file);
    state = new KnockState(policy.limits());
    current = new CurrentPolicy(file, policy, state);
    keeper = new Gatekeeper(current.plan(), state);
    current.tell(keeper::use);
    EventTarget target = EventTarget.open(new Outlets.Events("none"), complaints);
    hooks = new HookWatch(current, state, book, clocks, faults, err);
    current.tell(plan -> hooks.policyChanged());
    audit = new AuditRing(new AuditHandler(decisions, target, feed, hooks), faults);
    audit.start();
    current.tellFirst(new OutgrownGrants(policy, state, clocks, audit, () -> {})::use);
    Instruments instruments = new Instruments(state, clocks, audit, faults, feed, hooks);
    instruments.add(counters, () -> new LaneReading(7, 4711, 1, 2, 3, 4, 8, 5, 6, 64, kernel));
    latencies = instruments.newRecorder();
    room =
        new ControlRoom(
            instruments,
            current,
            state,
            new GrantDesk(current, state, clocks, audit, () -> saves),
            decisions,
            feed,
            clocks,
            () -> stopped.set(true));
  }

  /** A gate with a policy of these lines, written to a new file in a folder. */
  public static BareGate of(Path folder, String... lines) {
    try {
      return new BareGate(
          Files.writeString(folder.resolve("knockgate.conf"), String.join("\n", lines)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What commands see of it. */
  public ControlRoom room() {
    return room;
  }

  /** Where its policy is. */
  public Path file() {
    return file;
  }

  /** What hooks have run for. */
  public HookBook book() {
    return book;
  }

  /** What runs hooks; it was not started. */
  public HookWatch hooks() {
    return hooks;
  }

  /** What people would have read. */
  public String complaints() {
    return complaints.toString(StandardCharsets.UTF_8);
  }

  public FaultLog faults() {
    return faults;
  }

  /** As if a lane had counted. */
  public BareGate count(Counter counter, long more) {
    counters.add(counter, more);
    return this;
  }

  /** As if the disk were full. */
  public void failToSave() {
    saves = false;
  }

  /** As if the kernel showed its own counters to others only. */
  public void hideKernel() {
    kernel = null;
  }

  /** As if packets had waited so long for their verdict. */
  public BareGate measure(long ns, long packets) {
    latencies.recordValueWithCount(ns, packets);
    return this;
  }

  /** As if it had waited for somebody to confirm it, and nobody had in time. */
  public void missConfirmation() {
    current.awaitConfirmation();
    current.giveUpWaiting();
  }

  /** Whether it was asked to end. */
  public boolean isStopped() {
    return stopped.get();
  }

  /** Something that happens right behind the next reading of the clock. */
  public BareGate meanwhile(Runnable happens) {
    meanwhile = happens;
    return this;
  }

  private long readNs() {
    long readNs = nowMs.get() * 1_000_000;
    Runnable happens = meanwhile;
    meanwhile = () -> {};
    happens.run();
    return readNs;
  }

  /** Lets time pass. */
  public BareGate after(long millis) {
    nowMs.getAndAdd(millis);
    return this;
  }

  private long epochMs() {
    return START_EPOCH_MS + nowMs.get();
  }

  /** One new packet, a SYN where it is TCP, to each of {@code tcp/22} and the like. */
  public BareGate send(String peer, String... destinations) {
    for (String destination : destinations) {
      decide(Prefix.parse(peer), Step.parse(destination));
      tell();
    }
    return this;
  }

  private void decide(Prefix source, Step to) {
    packet.readable = true;
    packet.version = Prefix.isV4(source.hi(), source.lo()) ? 4 : 6;
    packet.srcHi = source.hi();
    packet.srcLo = source.lo();
    packet.protocol = to.protocol();
    packet.srcPort = 40_000;
    packet.dstPort = to.number();
    packet.flags = TcpFlags.SYN;
    packet.sequence = ++sequence;
    keeper.decide(packet, nowMs.get() * 1_000_000, epochMs());
  }

  /**
   * What the verdict handler tells: every note, then the verdict unless a knock says it all.
   * Returns when the audit thread has it.
   */
  private void tell() {
    for (int note = 0; note < packet.notes(); note++) {
      audit.tellNote(packet, note, epochMs());
    }
    boolean told = packet.notes() > 0 && packet.reason == Reason.SILENT_KNOCK;
    if (!told && packet.reason.event() != Reason.Event.NOTHING) {
      audit.tellVerdict(packet, epochMs());
    }
    while (audit.waiting() > 0) {
      Thread.onSpinWait();
    }
  }
}
