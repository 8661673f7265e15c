package knockgate.gate.pknock;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Refuses knock rules that say what a policy has no words for, each by itself. */
final class RuleCheck {
  private final Ruleset ruleset;
  private final Refusals refusals;

  private RuleCheck(Ruleset ruleset, Refusals refusals) {
    this.ruleset = ruleset;
    this.refusals = refusals;
  }

  /**
   * Checks every knock rule.
   *
   * @param refusals where refusals are noted
   */
  static void check(Ruleset ruleset, Refusals refusals) {
    new RuleCheck(ruleset, refusals).check();
  }

  private void check() {
    for (Rule rule : ruleset.strayKnocks()) {
      refusals.add(
          Cause.NOT_OURS,
          rule,
          "it stands in a chain that INPUT does not lead to",
          "the gate decides what comes in; move the rule to INPUT, or take it out");
    }
    Map<String, Rule> judging = new HashMap<>();
    for (Rule rule : ruleset.reachable()) {
      List<Knock> knocks = rule.knocks();
      if (knocks.size() > 1) {
        refusals.add(
            Cause.TWO_KNOCK_TESTS,
            rule,
            "it has two knock tests; a door has one trigger",
            "give each a rule of its own");
      } else if (knocks.size() == 1) {
        checkTests(rule);
        checkKnock(rule, knocks.get(0), judging);
      }
    }
  }

  private void checkTests(Rule rule) {
    for (Test test : rule.tests()) {
      if (test instanceof Test.Unknown unknown) {
        refusals.add(
            Cause.NOT_OURS,
            rule,
            "a policy has no words for " + unknown.text(),
            "take the test out, if the rule means the same without it");
      } else if (test instanceof Test.From from) {
        refusals.add(
            Cause.NOT_OURS,
            rule,
            "a door is the same for every source, and this rule is for " + from.prefix() + " only",
            "take -s out, or keep the rule");
      }
    }
    Target target = rule.target();
    if (!target.accepts() && !target.refuses() && !target.passes()) {
      refusals.add(
          Cause.NOT_OURS,
          rule,
          "a policy has no words for the target " + target.name(),
          "write ACCEPT or DROP");
    }
  }

  private void checkKnock(Rule rule, Knock knock, Map<String, Rule> judging) {
    if (!knock.judges()) {
      return;
    }
    checkName(rule, knock, judging);
    if (knock.ports().contains(0)) {
      refusals.add(
          Cause.PORT_ZERO,
          rule,
          "port 0 cannot be knocked on from most machines, and a policy does not take it",
          "choose another port");
    }
    Knock.Secrets secrets = knock.secrets();
    if (secrets != null) {
      checkSecrets(rule, knock, secrets);
    }
  }

  private void checkName(Rule rule, Knock knock, Map<String, Rule> judging) {
    if (knock.name().isBlank() || knock.name().chars().anyMatch(Character::isISOControl)) {
      refusals.add(
          Cause.NOT_OURS,
          rule,
          "its name cannot be printed, so no door can have it",
          "choose another one, here and in the rules that ask for it");
    }
    Rule earlier = judging.putIfAbsent(knock.name(), rule);
    if (earlier != null) {
      refusals.add(
          Cause.SHARED_NAME,
          rule,
          "the name " + knock.name() + " is that of another knock rule: " + earlier.text(),
          "give each knock rule a name of its own (31 bytes of it count)");
    }
  }

  private void checkSecrets(Rule rule, Knock knock, Knock.Secrets secrets) {
    if (knock.protocol() == IpProtocol.TCP) {
      refusals.add(
          Cause.SECRETS_ON_TCP,
          rule,
          "secrets come by UDP; on TCP the module takes the rule and never opens",
          "write -p udp");
    } else if (secrets.open().isEmpty() || secrets.close().isEmpty()) {
      refusals.add(
          Cause.SECRETS,
          rule,
          "an empty secret is known to everybody",
          "choose one, here and for the clients");
    } else if (secrets.isDamaged()) {
      refusals.add(
          Cause.SECRETS,
          rule,
          "a secret is cut after 31 bytes, in the middle of a character",
          "choose a shorter one, here and for the clients");
    }
  }
}
