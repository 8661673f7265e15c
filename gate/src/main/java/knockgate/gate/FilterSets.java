package knockgate.gate;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.KernelSets;
import knockgate.nfq.NativeException;
import knockgate.nfq.PeerSet.Outcome;
import knockgate.nfq.PeerSet.SetNames;
import knockgate.nfq.PeerSets;
import knockgate.rules.PolicyPlan;
import knockgate.rules.policy.Policy;

/**
 * The kernel sets of <code>queue.filter = kernel-set</code>, and the lanes that write to them. One
 * policy after the other is told to it, by any thread; the sets are opened with the first that
 * wants them, or that finds those of an earlier one, for all lanes or for none: a lane that could
 * not write would let wrong knocks pass unseen.
 */
final class FilterSets implements AutoCloseable {
  /** How a way to the kernel's sets is opened. */
  @FunctionalInterface
  interface Opener {
    /** One more. */
    PeerSets open() throws NativeException;
  }

  /** The kernel's module of sets, where it has one. */
  private static final Path IP_SET = Path.of("/sys/module/ip_set");

  private final PrintStream err;
  private final Opener opener;

  /** The lanes, each by what it does with its way to the sets. */
  private final List<Consumer<PeerSets>> writers = new ArrayList<>();

  /** Ours first, then one for each lane; empty until a policy wants them. */
  private final List<PeerSets> opened = new ArrayList<>();

  private boolean written;

  /** Whether a policy has been told, so that there may be attempts. */
  private boolean served;

  FilterSets(PrintStream err) {
    this(err, FilterSets::openOne);
  }

  FilterSets(PrintStream err, Opener opener) {
    this.err = err;
    this.opener = opener;
  }

  private static PeerSets openOne() throws NativeException {
    return PeerSets.open(names(Family.V4), names(Family.V6), Lane.BATCH);
  }

  /** One more lane. Before the first policy. */
  synchronized void add(Consumer<PeerSets> writer) {
    writers.add(writer);
  }

  /**
   * Opens what a policy needs that is about to be used.
   *
   * @throws Failure if that is not to be had; nothing has changed then
   */
  synchronized void open(Policy next) {
    if (next.strictPause().isZero() || !opened.isEmpty()) {
      return;
    }
    if (!next.usesKernelSet()) {
      if (!areThere()) {
        return;
      }
      err.println(
          "knockgate: there are kernel sets, though queue.filter = plain: the rules may still be"
              + " those of another policy, so the sets are kept; knockgate rules --apply ends that");
    }
    try {
      for (int i = 0; i <= writers.size(); i++) {
        opened.add(opener.open());
      }
    } catch (NativeException e) {
      close();
      throw new Failure(
          ExitCode.KERNEL,
          e.getMessage()
              + "; without it a strict door could not see wrong knocks: mend that, or set"
              + " queue.filter = plain and apply its rules",
          e);
    }
  }

  /**
   * Whether there are such sets of an earlier policy, whose rules may still keep packets from us.
   * Sets of that name and another kind are not ours.
   */
  private boolean areThere() {
    if (!Files.isDirectory(IP_SET)) {
      return false;
    }
    try (PeerSets look = opener.open()) {
      return look.of(true).probe() != Outcome.MISSING || look.of(false).probe() != Outcome.MISSING;
    } catch (NativeException notOurs) {
      return false;
    }
  }

  /**
   * Once a policy keeps packets out of the queue by a kernel set, every lane writes to that set. It
   * goes on doing so under a later policy that does not: the rules may be the old ones still.
   */
  synchronized void use(PolicyPlan plan) {
    boolean isReload = served;
    served = true;
    if (opened.isEmpty() || written) {
      return;
    }
    written = true;
    PeerSets mine = opened.get(0);
    probe(mine);
    for (int i = 0; i < writers.size(); i++) {
      writers.get(i).accept(opened.get(i + 1));
    }
    if (isReload) {
      letEveryoneIn(mine, plan.strictPauseSeconds());
    }
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
    opened.clear();
  }
}
