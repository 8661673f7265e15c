package knockgate.rules;

import knockgate.rules.policy.Limits;
import knockgate.rules.table.KeyHash;

/** How often a prefix may begin, as a policy has it and the packet path wants it. Immutable. */
final class FirstKnockRate {
  /** What shares a budget. */
  final SourceMask prefix;

  /** Nanoseconds for one first knock; 0 = without limit. */
  final long intervalNs;

  FirstKnockRate(Limits limits, KeyHash keyHash) {
    this.prefix = new SourceMask(limits.prefixV4(), limits.prefixV6(), keyHash);
    int perSecond = limits.firstKnocksPerSecond();
    this.intervalNs = perSecond == 0 ? 0 : FirstKnockBudget.SECOND_NS / perSecond;
  }
}
