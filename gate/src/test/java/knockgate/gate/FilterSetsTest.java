package knockgate.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.nfq.NativeException;
import knockgate.nfq.NativeException.Kind;
import knockgate.nfq.PeerSet.SetNames;
import knockgate.nfq.PeerSets;
import knockgate.rules.KnockState;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sockets are real, the sets are not there: whatever is written to them is refused. */
class FilterSetsTest {
  private static final String SSH = "doors.ssh { protects = [ tcp/22 ], knock = [ 7000, 8000 ] }\n";
  private static final String KERNEL_SET = "queue.filter = kernel-set\n" + SSH;
  private static final int LANES = 2;
  private static final int ONE_EACH_AND_OURS = LANES + 1;

  @TempDir private Path folder;
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final List<PeerSets> handedOut = new ArrayList<>();
  private int left;

  private FilterSets sets(int socketsLeft) {
    left = socketsLeft;
    PrintStream err = new PrintStream(told, true, StandardCharsets.UTF_8);
    FilterSets sets = new FilterSets(err, this::openOne);
    for (int i = 0; i < LANES; i++) {
      sets.add(handedOut::add);
    }
    return sets;
  }

  private PeerSets openOne() throws NativeException {
    if (left-- == 0) {
      throw new NativeException(Kind.OTHER, "open a socket for kernel sets", 24, "");
    }
    return PeerSets.open(
        new SetNames(true, "kg-test-4", "kg-test-all-4"),
        new SetNames(false, "kg-test-6", "kg-test-all-6"),
        Lane.BATCH);
  }

  private BareGate gate(String policy) {
    return BareGate.of(folder, policy);
  }

  private static PolicyPlan plan(Policy policy) {
    return new PolicyPlan(policy, new KnockState(policy.limits()));
  }

  private static long sockets() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(FilterSetsTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  @Test
  void everyLaneGetsAWayToTheSetsOnce() {
    BareGate gate = gate(KERNEL_SET);
    try (FilterSets sets = sets(ONE_EACH_AND_OURS)) {
      sets.open(gate.room().current().policy());
      sets.use(gate.room().current().plan());
      sets.open(gate.room().current().policy());
      sets.use(gate.room().current().plan());
      assertThat(handedOut).hasSize(LANES).doesNotHaveDuplicates();
    }
  }

  @Test
  void aPlainPolicyOpensNone() {
    BareGate gate = gate(SSH);
    try (FilterSets sets = sets(0)) {
      sets.open(gate.room().current().policy());
      sets.use(gate.room().current().plan());
      assertThat(handedOut).isEmpty();
    }
  }

  @Test
  void whereOneLaneCannotWriteNoneDoesAndNoSocketIsLeftOpen() throws IOException {
    BareGate gate = gate(KERNEL_SET);
    Policy policy = gate.room().current().policy();
    try (FilterSets sets = sets(ONE_EACH_AND_OURS)) {
      sets.open(policy); // whatever else the first socket of this process opens
    }
    long before = sockets();
    try (FilterSets sets = sets(LANES)) {
      assertThatThrownBy(() -> sets.open(policy))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.KERNEL))
          .hasMessageContaining("open a socket for kernel sets")
          .hasMessageContaining("queue.filter = plain");
      sets.use(plan(policy));
      assertThat(handedOut).isEmpty();
      assertThat(sockets()).isEqualTo(before);
      left = ONE_EACH_AND_OURS;
      sets.open(policy);
      sets.use(plan(policy));
      assertThat(handedOut).as("the next try").hasSize(LANES);
    }
  }

  @Test
  void aReloadThatCannotHaveTheSetsLeavesThePolicyAsItWas() throws IOException {
    BareGate gate = gate(SSH);
    CurrentPolicy current = gate.room().current();
    try (FilterSets sets = sets(0)) {
      current.tellFirst(sets::open);
      current.tell(sets::use);
      PolicyPlan was = current.plan();
      Files.writeString(gate.file(), KERNEL_SET);
      assertThatThrownBy(current::reload).isInstanceOf(Failure.class);
      assertThat(current.plan()).isSameAs(was);
      assertThat(handedOut).isEmpty();
    }
  }
}
