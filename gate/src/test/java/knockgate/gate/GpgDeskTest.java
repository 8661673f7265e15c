package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import knockgate.gate.events.Decision;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.gpg.GpgGate;
import knockgate.gate.gpg.GpgVector;
import knockgate.rules.PolicyPlan;
import knockgate.rules.SealedMessage;
import knockgate.rules.words.Reason;
import org.junit.jupiter.api.Test;

/** The thread that decrypts, and what waits for it. */
class GpgDeskTest {
  private static final long PATIENCE_SECONDS = 60;

  /** Without an HMAC, so that the lane does not know the same packet again. */
  private static final GpgVector VECTOR =
      GpgVector.shipped().stream()
          .filter(vector -> vector.isSigned() && !vector.hasHmac())
          .findFirst()
          .orElseThrow();

  private final BlockingQueue<Decision> told = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(complaints, true, StandardCharsets.UTF_8);
  private final FaultLog faults = new FaultLog(err);
  private final AuditRing audit =
      new AuditRing((event, sequence, end) -> told.add(event.decision()), faults);

  @Test
  void keysThatAreNotValidYetAreToldWithThePolicyThatNamesThem() throws InterruptedException {
    String stanza = "a " + GpgGate.stanza(VECTOR, VECTOR.signer());
    GpgGate gate = new GpgGate(stanza, VECTOR.epochMs());
    audit.start();
    try (audit;
        GpgDesk desk =
            new GpgDesk(gate.state(), new Clocks(() -> 0, () -> 0), audit, faults, err)) {
      desk.use(new PolicyPlan(gate.policy(), gate.state()));
      assertThat(desk.offer(gate.sealed(VECTOR.packet()))).isTrue();
      desk.start();
      next(); // one thread does one after the other
      assertThat(complaints.toString(StandardCharsets.UTF_8))
          .startsWith("knockgate: warning: doors.ssh.spa.stanzas.a.gpg: secret-key: nobody can")
          .contains("; signers: " + VECTOR.signer() + " may not sign now");
    }
  }

  @Test
  void messagesWaitAndThoseBeyondTheBoundAreRefused() throws InterruptedException {
    GpgGate gate = new GpgGate("a " + GpgGate.stanza(VECTOR, VECTOR.signer()), VECTOR.epochMs());
    SealedMessage message = gate.sealed(VECTOR.packet());
    Clocks clocks = new Clocks(() -> 0, VECTOR::epochMs);
    audit.start();
    try (audit;
        GpgDesk desk = new GpgDesk(gate.state(), clocks, audit, faults, err)) {
      for (int i = 0; i < GpgDesk.MOST_WAITING; i++) {
        assertThat(desk.offer(message)).isTrue();
      }
      assertThat(desk.offer(message)).isFalse();

      desk.start();
      Decision first = next();
      assertThat(first.reason()).isEqualTo(Reason.SPA_OPENED);
      assertThat(first.door()).isEqualTo("ssh");
      assertThat(first.port()).isEqualTo(62201);
      assertThat(first.peer()).hasToString("198.51.100.7");
      List<Reason> rest = Collections.nCopies(GpgDesk.MOST_WAITING - 1, Reason.SPA_REPLAY);
      for (Reason expected : rest) {
        assertThat(next().reason()).isEqualTo(expected);
      }
      assertThat(desk.offer(message)).as("there is room again").isTrue();
      next();
      assertThat(desk.counters().get(Counter.MESSAGES)).isEqualTo(1);
      assertThat(desk.counters().get(Counter.GRANTS)).isEqualTo(1);
      assertThat(desk.counters().get(Counter.MESSAGES_REFUSED)).isEqualTo(GpgDesk.MOST_WAITING);
    }
    assertThat(complaints.size()).isZero();
  }

  @Test
  void behindAForgedMessageItRestsAsLongAsThatTook() throws InterruptedException {
    GpgGate gate = new GpgGate("a " + GpgGate.stanza(VECTOR, VECTOR.signer()), VECTOR.epochMs());
    SealedMessage message = gate.sealed(VECTOR.packet());
    AtomicLong nowNs = new AtomicLong();
    long tookNs = 20_000_000;
    Clocks clocks = new Clocks(() -> nowNs.getAndAdd(tookNs), VECTOR::epochMs);
    audit.start();
    try (audit;
        GpgDesk desk = new GpgDesk(gate.state(), clocks, audit, faults, err)) {
      int forged = 5; // replays are as good: they are decrypted, and open nothing
      for (int i = 0; i < 1 + forged; i++) {
        assertThat(desk.offer(message)).isTrue();
      }
      desk.start();
      assertThat(next().reason()).isEqualTo(Reason.SPA_OPENED);
      long begun = System.nanoTime();
      for (int i = 0; i < forged; i++) {
        assertThat(next().reason()).isEqualTo(Reason.SPA_REPLAY);
      }
      assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo((forged - 1) * tookNs);
    }
  }

  private Decision next() throws InterruptedException {
    Decision decision = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (decision == null) {
      throw new AssertionError("nothing was told" + complaints);
    }
    return decision;
  }
}
