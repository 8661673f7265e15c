package knockgate.gate.pknock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import knockgate.gate.pknock.Encounter.Kind;
import org.jspecify.annotations.Nullable;

/** Follows one kind of traffic through INPUT and the chains behind it. */
final class Walk {
  /** As deep as the kernel lets chains be nested is far less. */
  private static final int DEEPEST = 64;

  /**
   * Rules that one packet may meet. Chains that each jump twice to the next are met twice as often
   * with each: forty of them are more rules than anybody waits for.
   */
  private static final int MOST_RULES = 100_000;

  private enum Fit {
    YES,
    NO,
    PERHAPS
  }

  private final Ruleset ruleset;
  private final Traffic traffic;
  private final Refusals refusals;
  private final List<Encounter> encounters = new ArrayList<>();
  private final Deque<String> way = new ArrayDeque<>();
  private boolean leadsBack;
  private int met;
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
   * @param refusals where it is noted that a knock rule is reached by some packets only, or that
   *     the way has no end
   * @return null = it has none
   */
  static @Nullable Path of(Ruleset ruleset, Traffic traffic, Refusals refusals) {
    Walk walk = new Walk(ruleset, traffic, refusals);
    walk.follow(Ruleset.INPUT, true);
    if (walk.leadsBack) {
      return null;
    }
    if (walk.met > MOST_RULES) {
      refusals.add(
          Cause.NOT_OURS,
          "",
          "packets to " + traffic + " meet more than " + MOST_RULES + " rules, chain behind chain",
          "jump to a chain once, or import without the chains that concern no door");
      return null;
    }
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
  private boolean follow(String name, boolean always) {
    way.addLast(name);
    boolean decided = chain(name, always);
    way.removeLast();
    return decided;
  }

  private boolean chain(String name, boolean always) {
    boolean all = always;
    for (Rule rule : ruleset.chain(name)) {
      if (++met > MOST_RULES) {
        return false;
      }
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
      } else if (isJump(rule)) {
        boolean decided = follow(rule.target().name(), certain);
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

  private boolean isJump(Rule rule) {
    return way.size() <= DEEPEST && ruleset.hasChain(rule.target().name()) && !leadsBack(rule);
  }

  private boolean leadsBack(Rule rule) {
    String chain = rule.target().name();
    if (!way.contains(chain)) {
      return false;
    }
    leadsBack = true;
    refusals.add(
        Cause.WRONG,
        rule,
        "the chain " + chain + " leads to itself: Too many levels of symbolic links",
        "take the jump out, or import what iptables-save prints");
    return true;
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
