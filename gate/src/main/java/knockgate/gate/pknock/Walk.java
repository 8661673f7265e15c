package knockgate.gate.pknock;

import java.util.ArrayList;
import java.util.List;
import knockgate.gate.pknock.Encounter.Kind;
import org.jspecify.annotations.Nullable;

/** Follows one kind of traffic through INPUT and the chains behind it. */
final class Walk {
  /** As deep as the kernel lets chains be nested is far less; a loop ends here. */
  private static final int DEEPEST = 64;

  private enum Fit {
    YES,
    NO,
    PERHAPS
  }

  private final Ruleset ruleset;
  private final Traffic traffic;
  private final Refusals refusals;
  private final List<Encounter> encounters = new ArrayList<>();
  private @Nullable Rule last;

  private Walk(Ruleset ruleset, Traffic traffic, Refusals refusals) {
    this.ruleset = ruleset;
    this.traffic = traffic;
    this.refusals = refusals;
  }

  /**
   * The way of {@code traffic}.
   *
   * @param ruleset its knock rules have passed {@link RuleCheck}
   * @param refusals where it is noted that a knock rule is reached by some packets only
   */
  static Path of(Ruleset ruleset, Traffic traffic, Refusals refusals) {
    Walk walk = new Walk(ruleset, traffic, refusals);
    walk.chain(Ruleset.INPUT, true, 0);
    Rule last = walk.last;
    boolean accepted = last == null ? ruleset.accepts() : last.target().accepts();
    return new Path(traffic, walk.encounters, accepted, last);
  }

  /**
   * Walks a chain.
   *
   * @param always whether all packets come here, or only some
   * @return whether the packets that came here have their verdict
   */
  private boolean chain(String name, boolean always, int depth) {
    boolean all = always;
    for (Rule rule : ruleset.chain(name)) {
      if (!rule.isPlain()) {
        meetKnock(rule, all);
        continue;
      }
      Fit fit = fit(rule.tests());
      if (fit == Fit.NO || rule.target().passes()) {
        continue;
      }
      boolean certain = all && fit == Fit.YES;
      if (rule.target().leavesChain()) {
        if (fit == Fit.YES) {
          return false;
        }
        all = false;
      } else if (isJump(rule, depth)) {
        boolean decided = chain(rule.target().name(), certain, depth + 1);
        if (fit == Fit.YES && (decided || !rule.target().returns())) {
          return decided;
        }
        all &= rule.target().returns();
      } else if (certain && isVerdict(rule)) {
        last = rule;
        return true;
      } else {
        meetPerhaps(rule);
        if (fit == Fit.YES && isVerdict(rule)) {
          return false;
        }
      }
    }
    return false;
  }

  private boolean isJump(Rule rule, int depth) {
    return depth < DEEPEST && ruleset.hasChain(rule.target().name());
  }

  private static boolean isVerdict(Rule rule) {
    return rule.target().accepts() || rule.target().refuses();
  }

  /** A target that is not understood may do either. */
  private void meetPerhaps(Rule rule) {
    if (!rule.target().refuses()) {
      encounters.add(new Encounter(Kind.MAY_ACCEPT, rule, ""));
    }
    if (!rule.target().accepts()) {
      encounters.add(new Encounter(Kind.MAY_DROP, rule, ""));
    }
  }

  private void meetKnock(Rule rule, boolean all) {
    Knock knock = rule.knocks().get(0);
    int at = rule.tests().indexOf(knock);
    boolean reached = fit(rule.tests().subList(0, at)) == Fit.YES;
    if (!reached || !traffic.hasPorts()) {
      return;
    }
    if (!all) {
      refusals.add(
          Cause.NOT_OURS,
          rule,
          "only some packets reach it, and which ones a policy cannot say",
          "put the rule into INPUT itself, above what chooses the packets");
      return;
    }
    // A sequence is not judged any more while the peer is in; a message may close the door.
    boolean judgesFirst = knock.secrets() != null;
    if (knock.judges() && judgesFirst) {
      encounters.add(new Encounter(Kind.JUDGE, rule, knock.name()));
    }
    boolean wanted = fit(rule.tests().subList(at + 1, rule.tests().size())) == Fit.YES;
    if (wanted && (knock.judges() || knock.checkip()) && isVerdict(rule)) {
      Kind kind = rule.target().accepts() ? Kind.ADMIT : Kind.SHUT;
      encounters.add(new Encounter(kind, rule, knock.name()));
    }
    if (knock.judges() && !judgesFirst) {
      encounters.add(new Encounter(Kind.JUDGE, rule, knock.name()));
    }
  }

  private Fit fit(List<Test> tests) {
    Fit fit = Fit.YES;
    for (Test test : tests) {
      Fit one = fit(test);
      if (one == Fit.NO) {
        return Fit.NO;
      }
      fit = one == Fit.PERHAPS ? Fit.PERHAPS : fit;
    }
    return fit;
  }

  private Fit fit(Test test) {
    if (test instanceof Test.Protocol protocol) {
      return yes((protocol.number() == traffic.protocol()) != protocol.inverted());
    }
    if (test instanceof Test.To to) {
      return yes(to.ports().contains(traffic.first()));
    }
    return test instanceof Test.Never ? Fit.NO : Fit.PERHAPS;
  }

  private static Fit yes(boolean fits) {
    return fits ? Fit.YES : Fit.NO;
  }
}
