package knockgate.gate.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.rules.policy.Mark;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.QueueSpec;
import knockgate.rules.words.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * The iptables and ip6tables rules of a policy in one layout. They do not depend on {@code mode}:
 * it may change while the gate runs, and the rules stay as they are.
 *
 * <p>Left alone in both layouts: loopback, what is established, and every port that the policy does
 * not need. A rescue address gets in wherever the gate has a say, without the gate: no full queue
 * and no dead daemon keeps it out.
 */
public final class FirewallRules {
  /** The gate's chain that INPUT jumps to, in each table of a layout. */
  public static final String ENTRY = Section.ENTRY;

  private static final String TO_QUEUE = "-g " + Section.QUEUE;
  private static final String TO_DOORS = "-g " + Section.DOORS;
  private static final String ANSWERS = "-m conntrack --ctstate ESTABLISHED --ctdir REPLY ";

  private final Policy policy;
  private final Layout layout;
  private final boolean kernelSet;
  private final Watched watched;

  /**
   * The rules of {@code policy}.
   *
   * @throws Failure if the layout goes by a mark and the policy sets none
   */
  public FirewallRules(Policy policy, Layout layout) {
    this(policy, layout, policy.usesKernelSet());
  }

  private FirewallRules(Policy policy, Layout layout, boolean kernelSet) {
    this.policy = policy;
    this.layout = layout;
    this.kernelSet = kernelSet;
    this.watched = new Watched(policy, kernelSet);
    if (layout == Layout.MARK) {
      mark();
    }
  }

  /** The kernel sets that these rules ask; null = none. */
  public @Nullable KernelSets sets() {
    return kernelSet ? new KernelSets(policy) : null;
  }

  /** The same without kernel sets: a strict door then sees every packet of its protocols. */
  public FirewallRules plain() {
    return new FirewallRules(policy, layout, false);
  }

  private Mark mark() {
    Mark mark = policy.mark();
    if (mark == null) {
      throw new Failure(
          ExitCode.POLICY,
          "the mark layout knows admitted packets by their mark, and this policy sets none: give"
              + " the policy a mark, such as mark = \"0x4b/0xff\", or use --layout direct");
    }
    return mark;
  }

  /** What {@code iptables-restore --noflush} reads to put these rules where there are none. */
  public String text(Family family) {
    return text(family, table -> Installed.NOTHING);
  }

  /** The same, in place of what is there, whichever layout it was. */
  String text(Family family, Function<Table, Installed> installed) {
    return text(sections(family), installed);
  }

  static String text(List<Section> sections, Function<Table, Installed> installed) {
    StringBuilder text = new StringBuilder();
    for (Section section : sections) {
      text.append(section.replacing(installed.apply(section.table())));
    }
    List<Table> used = sections.stream().map(Section::table).toList();
    return text
        + removal(table -> used.contains(table) ? Installed.NOTHING : installed.apply(table));
  }

  /** What takes away all that is there; empty when nothing is. */
  static String removal(Function<Table, Installed> installed) {
    StringBuilder text = new StringBuilder();
    for (Table table : Table.values()) {
      Installed there = installed.apply(table);
      if (!there.isNothing()) {
        text.append(Section.removing(table, there));
      }
    }
    return text.toString();
  }

  private List<Section> sections(Family family) {
    return switch (layout) {
      case MARK -> List.of(markInMangle(family), markInFilter(family));
      case DIRECT -> List.of(direct(family));
    };
  }

  private Section markInMangle(Family family) {
    List<String> rules = new ArrayList<>();
    rules.add("# Loopback and what is established are not the gate's business.");
    String unmark = "-j MARK --set-xmark 0x0/0x" + Integer.toHexString(mark().mask());
    rules.add(entry("-i lo -j RETURN"));
    if (!watched.judgedAnswers().isEmpty()) {
      rules.add("# kill-established: what was cut is not revived from this side.");
    }
    for (String match : watched.judgedAnswers()) {
      rules.add(entry(match + ANSWERS + unmark));
      rules.add(entry(match + ANSWERS + TO_QUEUE));
    }
    rules.add(entry("-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN"));
    rules.add("# Only the gate sets the gate's mark.");
    rules.add(entry(unmark));
    rules.addAll(toQueue(family));
    rules.add("# Rescue addresses need no gate. With no gate, packets go on without a mark.");
    for (Prefix prefix : rescue(family)) {
      rules.add(queue("-s " + prefix + " -j MARK --set-xmark " + mark()));
      rules.add(queue("-s " + prefix + " -j RETURN"));
    }
    rules.add(queue("-j NFQUEUE " + queueNumbers() + " --queue-bypass"));
    // At the end of INPUT: a verdict skips what follows, and other rules of this table shall run.
    return new Section(Table.MANGLE, queueChains(), rules, false);
  }

  private Section markInFilter(Family family) {
    List<String> rules = new ArrayList<>();
    rules.add(entry("-i lo -j RETURN"));
    rules.addAll(answers(family, TO_DOORS));
    rules.add("# The protected ports; every other port is left to the rules behind.");
    watched.doors().forEach(match -> rules.add(entry(match + TO_DOORS)));
    if (watched.everything()) {
      rules.add("# unmatched = drop: the gate decides on everything.");
      rules.addAll(neighbours(family));
      rules.add(entry("-m conntrack --ctstate NEW,ESTABLISHED,RELATED " + TO_DOORS));
    }
    rules.add(doors("-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"));
    rules.add("# Admitted by the gate.");
    rules.add(doors("-m mark --mark " + mark() + " -j ACCEPT"));
    rescue(family).forEach(prefix -> rules.add(doors("-s " + prefix + " -j ACCEPT")));
    rules.add(doors("-j DROP"));
    return new Section(Table.FILTER, List.of(Section.ENTRY, Section.DOORS), rules, true);
  }

  private Section direct(Family family) {
    List<String> rules = new ArrayList<>();
    rules.add(entry("-i lo -j RETURN"));
    rules.addAll(answers(family, "-j ACCEPT"));
    rules.add(entry("-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"));
    rules.addAll(toQueue(family));
    rules.add("# What conntrack finds invalid opens nothing.");
    watched.doors().forEach(match -> rules.add(entry(match + "-j DROP")));
    rules.add("# Rescue addresses need no gate. With no gate, everything else is dropped here.");
    rescue(family).forEach(prefix -> rules.add(queue("-s " + prefix + " -j ACCEPT")));
    rules.add(queue("-j NFQUEUE " + queueNumbers()));
    return new Section(Table.FILTER, queueChains(), rules, true);
  }

  private List<String> queueChains() {
    return kernelSet
        ? List.of(Section.ENTRY, Section.QUEUE, Section.STRAYS)
        : List.of(Section.ENTRY, Section.QUEUE);
  }

  /**
   * Once the gate has had a connection forgotten, the kernel takes the next packet of it for the
   * beginning of another. Sent by the peer, it is new, and the gate says no. Sent by the server, it
   * makes the peer's packets answers: the gate judges each of them, or the connection would live
   * on. In the mark layout the queue has had them already, in mangle. To the gate each of them is
   * another connection, so where a door counts those, answers are dropped unseen, but for those of
   * a rescue address: of it nothing is ever cut.
   *
   * @param letIn where answers of a rescue address go
   */
  private List<String> answers(Family family, String letIn) {
    List<String> rules = new ArrayList<>();
    for (String match : watched.judgedAnswers()) {
      String answers = match + ANSWERS;
      if (layout == Layout.MARK) {
        rules.add(entry(answers + "-m mark --mark " + mark() + " " + letIn));
        rules.add(entry(answers + "-j DROP"));
      } else {
        rules.add(entry(answers + TO_QUEUE));
      }
    }
    for (String match : watched.closedAnswers()) {
      String answers = match + ANSWERS;
      rescue(family).forEach(prefix -> rules.add(entry("-s " + prefix + " " + answers + letIn)));
      rules.add(entry(answers + "-j DROP"));
    }
    if (!rules.isEmpty()) {
      rules.add(0, "# kill-established: what was cut is not revived from this side.");
    }
    return rules;
  }

  /** What goes to the queue; the state is not ESTABLISHED or RELATED any more. */
  private List<String> toQueue(Family family) {
    List<String> rules = new ArrayList<>();
    rules.add("# The protected ports.");
    for (String match : watched.doors()) {
      // UNTRACKED: a NOTRACK rule for a protected port must not open it.
      rules.add(entry(match + "-m conntrack --ctstate NEW,UNTRACKED " + TO_QUEUE));
    }
    rules.add(kernelSet ? "# Knocks." : "# Knocks, right and wrong.");
    if (watched.everything()) {
      rules.addAll(neighbours(family));
    }
    watched.knocks(family).forEach(match -> rules.add(entry(match + TO_QUEUE)));
    if (kernelSet) {
      rules.addAll(strays(family));
    }
    return rules;
  }

  /** The sets first: of a flood nothing else is asked, and each question costs. */
  private List<String> strays(Family family) {
    List<String> rules = new ArrayList<>();
    rules.add("# Wrong knocks: from who is knocking, or from everyone if that set is full.");
    for (String set : List.of(KernelSets.peers(family), KernelSets.everyone(family))) {
      // A jump comes back: the rules behind are for whatever is no wrong knock, too.
      rules.add(entry("-m set --match-set " + set + " src -j " + Section.STRAYS));
    }
    watched.strays().forEach(match -> rules.add("-A " + Section.STRAYS + " " + match + TO_QUEUE));
    return rules;
  }

  /** IPv6 does not work without ICMPv6: no more of it than echo requests is ever judged. */
  private static List<String> neighbours(Family family) {
    return family == Family.V4
        ? List.of()
        : List.of(entry("-p ipv6-icmp ! --icmpv6-type echo-request -j RETURN"));
  }

  private List<Prefix> rescue(Family family) {
    return policy.rescue().stream().filter(family::holds).toList();
  }

  private String queueNumbers() {
    QueueSpec queue = policy.queue();
    return queue.count() == 1
        ? "--queue-num " + queue.number()
        : "--queue-balance " + queue.number() + ":" + (queue.number() + queue.count() - 1);
  }

  private static String entry(String rule) {
    return "-A " + Section.ENTRY + " " + rule;
  }

  private static String queue(String rule) {
    return "-A " + Section.QUEUE + " " + rule;
  }

  private static String doors(String rule) {
    return "-A " + Section.DOORS + " " + rule;
  }
}
