package knockgate.gate;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import knockgate.gate.fault.FaultLog;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.KernelSets;
import knockgate.nfq.NativeException;
import knockgate.nfq.PeerSet.Outcome;
import knockgate.nfq.PeerSet.SetNames;
import knockgate.nfq.PeerSets;
import knockgate.rules.PolicyPlan;

/**
 * The kernel sets of <code>queue.filter = kernel-set</code>, and the lanes that write to them. One
 * policy after the other is told to it, by any thread; the sets are opened with the first that
 * wants them.
 */
final class FilterSets implements AutoCloseable {
  private final FaultLog faults;
  private final PrintStream err;
  private final List<VerdictHandler> writers = new ArrayList<>();
  private final List<PeerSets> opened = new ArrayList<>();

  /** Whether a policy has been told, so that there may be attempts. */
  private boolean served;

  FilterSets(FaultLog faults, PrintStream err) {
    this.faults = faults;
    this.err = err;
  }

  /** One more lane. Before the first policy. */
  synchronized void add(VerdictHandler writer) {
    writers.add(writer);
  }

  /**
   * Once a policy keeps packets out of the queue by a kernel set, every lane writes to that set. It
   * goes on doing so under a later policy that does not: the rules may be the old ones still.
   */
  synchronized void use(PolicyPlan plan) {
    boolean isReload = served;
    served = true;
    if (!plan.policy().usesKernelSet() || !opened.isEmpty()) {
      return;
    }
    try {
      PeerSets mine = openOne();
      probe(mine);
      for (VerdictHandler writer : writers) {
        writer.watchWith(openOne());
      }
      if (isReload) {
        letEveryoneIn(mine, plan.strictPauseSeconds());
      }
    } catch (NativeException e) {
      faults.record("kernel sets", e);
    }
  }

  private PeerSets openOne() throws NativeException {
    PeerSets sets = PeerSets.open(names(Family.V4), names(Family.V6), Lane.BATCH);
    opened.add(sets);
    return sets;
  }

  /** Attempts were begun under another policy, and nobody has put their peers into a set. */
  private void letEveryoneIn(PeerSets sets, int seconds) {
    for (Family family : Family.values()) {
      if (sets.of(family == Family.V4).letEveryoneIn(seconds) == Outcome.FAILED) {
        err.println(
            "knockgate: the kernel set "
                + KernelSets.everyone(family)
                + " cannot be written: wrong knocks of whoever is knocking now may pass unseen");
      }
    }
  }

  private static SetNames names(Family family) {
    return new SetNames(family == Family.V4, KernelSets.peers(family), KernelSets.everyone(family));
  }

  /** Only tells; what is wrong with a set now may be right later, and the lanes see it. */
  private void probe(PeerSets sets) {
    for (Family family : Family.values()) {
      String set = "knockgate: the kernel set " + KernelSets.peers(family);
      try {
        Outcome outcome = sets.of(family == Family.V4).probe();
        if (outcome == Outcome.MISSING) {
          err.println(
              set
                  + " is not there, so no rule asks it: every packet that a strict door must see"
                  + " comes to the queue; knockgate rules --apply makes it");
        } else if (outcome == Outcome.OPENED) {
          err.println(set + " is full: for a while every port comes to the queue");
        }
      } catch (NativeException e) {
        err.println(
            "knockgate: " + e.getMessage() + "; until that is mended, strict doors do not open");
      }
    }
  }

  /** After the lanes have ended. */
  @Override
  public synchronized void close() {
    opened.forEach(PeerSets::close);
  }
}
