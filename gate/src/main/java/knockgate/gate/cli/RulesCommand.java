package knockgate.gate.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import knockgate.gate.cli.policy.PolicyFile;
import knockgate.gate.control.SocketFile;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.Firewall;
import knockgate.gate.firewall.FirewallRules;
import knockgate.gate.firewall.KernelSets;
import knockgate.gate.firewall.Layout;
import knockgate.gate.firewall.Variants;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code knockgate rules}: prints, applies or removes the firewall rules of a policy. */
@Command(
    name = "rules",
    header = "Print, apply or remove the iptables and ip6tables rules of a policy.",
    description = {
      "%nWithout --apply or --remove, the rules are only printed.",
      "%nLayout mark (the default) is fail-safe: with the gate down, strangers stay out of the"
          + " protected ports and all other ports work as before. Layout direct is the plain"
          + " one: a verdict is final, rules behind it do not see what the gate let in, and with"
          + " the gate down everything that it would judge is dropped.",
      "%nIn both, loopback and what is established stay as they are, and rescue addresses get in"
          + " without the gate. --apply and --remove touch no rule but the gate's own; doing"
          + " either twice is harmless.",
      "%nWith queue.filter = kernel-set the rules ask kernel sets, which --apply makes before them"
          + " and --remove takes away behind them. Where sets cannot be had, --apply says so and"
          + " puts the plain rules in place, which only cost more.",
      "%nWhat --apply has put in place is kept in a file, which only its owner may read, if the"
          + " folder of that file exists; on trial, once it is confirmed. With --or-last, a policy"
          + " that is refused does not leave the ports open: its mistakes are told, what was"
          + " applied last is put in place, and the command ends as it would without: with 3. So"
          + " the unit knockgate-rules starts. --remove leaves the file there, as the unit's end is"
          + " one. The usual file is the machine's: in another network namespace, as behind \"ip"
          + " netns exec\", it is neither written nor read; name one with --last there.",
      "%nWith --confirm, what stood before stands again unless you press Enter within the time, or"
          + " say \"knockgate confirm\" in another session. So it does when this session ends, by"
          + " SIGHUP, SIGINT or SIGTERM; after SIGKILL or a crash of the machine nobody is left to"
          + " do it.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate rules -c knockgate.conf       show what would be applied",
      "  knockgate rules --apply                 put it in place, both families",
      "  knockgate rules --apply --confirm 60s   only for a minute, unless confirmed",
      "  knockgate rules --apply --or-last       closed also when the policy is wrong",
      "  knockgate rules --remove                take it away again",
      "  knockgate rules -4 | iptables-restore --noflush      by hand, once",
      "  knockgate rules --iptables iptables-legacy --apply",
    })
final class RulesCommand implements Callable<Integer> {
  @Mixin private PolicyFile policyFile = new PolicyFile();

  @Option(
      names = "--layout",
      paramLabel = "mark|direct",
      defaultValue = "mark",
      description = "where the gate stands (default: ${DEFAULT-VALUE})")
  private Layout layout = Layout.MARK;

  @ArgGroup private Action action = new Action();
  @ArgGroup private Only only = new Only();

  @Option(
      names = "--iptables",
      paramLabel = "TOOL",
      defaultValue = "iptables",
      description =
          "iptables-nft, iptables-legacy or a path to one of them; ip6tables follows (default:"
              + " ${DEFAULT-VALUE})")
  private String tool = "iptables";

  @Option(
      names = "--confirm",
      paramLabel = "TIME",
      converter = ConfirmTime.class,
      description = "with --apply: take it back unless confirmed within TIME, such as 60s or 5m")
  private @Nullable Duration confirm;

  @Mixin private ConfirmSocket confirmSocket = new ConfirmSocket();

  @Option(
      names = "--or-last",
      description = "with --apply: where the policy is refused, put what was applied last in place")
  private boolean orLast;

  @Mixin private LastRules last = new LastRules();

  @Spec private @Nullable CommandSpec spec;

  /** What to do with the rules; printing them is neither. */
  private static final class Action {
    @Option(names = "--apply", description = "put the rules in place of the gate's present ones")
    private boolean apply;

    @Option(names = "--remove", description = "take the gate's rules away; needs no policy")
    private boolean remove;

    @Option(
        names = "--sets",
        description = "print the kernel sets of queue.filter = kernel-set, for ipset restore")
    private boolean sets;
  }

  /** The one family asked for, if any. */
  private static final class Only {
    @Option(names = "-4", description = "IPv4 only")
    private boolean v4;

    @Option(names = "-6", description = "IPv6 only")
    private boolean v6;
  }

  @Override
  public Integer call() {
    if (confirm != null && !action.apply) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--confirm needs --apply: nothing else takes back");
    }
    if (orLast && (!action.apply || confirm != null)) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--or-last needs --apply, and no --confirm");
    }
    if (action.remove) {
      remove();
      return ExitCode.OK.number();
    }
    if (action.apply && confirm == null) {
      refuseDuringTrial();
    }
    FirewallRules rules = rules();
    if (!action.apply) {
      show(rules);
    } else if (confirm == null) {
      tell(new Firewall(tool, families()).apply(rules));
      tellOfTwo();
      tell(last.keep(rules, families()));
    } else {
      return tryOut(rules, confirm).number();
    }
    return ExitCode.OK.number();
  }

  /** Always done, as somebody may be locked out; but a trial would bring former rules back. */
  private void remove() {
    tell(new Firewall(tool, families()).remove());
    Variants.withGate(families())
        .forEach(
            other ->
                tell(
                    other
                        + " still has rules of the gate: knockgate rules --remove --iptables "
                        + other));
    if (SocketFile.isAnswered(confirmSocket.path())) {
      tell(
          "rules are on trial: at its end, what stood before it stands again; end it there with"
              + " Ctrl-C, then remove again");
    }
  }

  /** Rules that another variant had before still drop what these let in. */
  private void tellOfTwo() {
    List<String> variants = Variants.withGate(families());
    if (variants.size() > 1) {
      tell(
          String.join(" and ", variants)
              + " both have rules of the gate; those of one must go: knockgate rules --remove"
              + " --iptables TOOL");
    }
  }

  /** Its end would put other rules in the place of these, and tell nobody. */
  private void refuseDuringTrial() {
    if (SocketFile.isAnswered(confirmSocket.path())) {
      throw new Failure(
          ExitCode.CANNOT,
          "nothing was changed: rules are on trial, at whose end these would be lost; knockgate"
              + " confirm keeps what is on trial, Ctrl-C there takes it back");
    }
  }

  /** The rules of the policy; one that is refused is told also where the last rules are loaded. */
  private FirewallRules rules() {
    try {
      return new FirewallRules(policyFile.load(), layout);
    } catch (Failure e) {
      if (orLast) {
        loadLast();
      }
      throw e;
    }
  }

  private void loadLast() {
    try {
      tell(new Firewall(tool, families()).apply(last.read()));
      tell("the policy is refused; the rules that were applied last are in place");
    } catch (Failure e) {
      tell("the policy is refused, and NOTHING WAS PUT IN PLACE OF IT: " + e.sentence());
    }
  }

  private ExitCode tryOut(FirewallRules rules, Duration within) {
    Firewall firewall = new Firewall(tool, families());
    try (Confirmation confirmation = Confirmation.open(confirmSocket.path())) {
      ExitCode ending =
          new RulesTrial(firewall.tryOut(rules), this::tell).await(confirmation, within);
      if (ending == ExitCode.OK) {
        tell(last.keep(rules, families()));
      }
      return ending;
    }
  }

  private void show(FirewallRules rules) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (action.sets) {
      families().forEach(family -> out.print(sets(rules, family)));
    } else {
      families().forEach(family -> print(out, rules, family));
    }
  }

  /** To standard error: what one should know, such as what was done in another way. */
  private void tell(@Nullable String sentence) {
    if (sentence != null) {
      requireNonNull(spec).commandLine().getErr().println("knockgate rules: " + sentence);
    }
  }

  private static String sets(FirewallRules rules, Family family) {
    KernelSets sets = rules.sets();
    return sets == null ? "" : sets.text(family);
  }

  private Set<Family> families() {
    return only.v4
        ? EnumSet.of(Family.V4)
        : only.v6 ? EnumSet.of(Family.V6) : EnumSet.allOf(Family.class);
  }

  private void print(PrintWriter out, FirewallRules rules, Family family) {
    out.println("# " + family.title() + ", layout " + layout + ", for " + family.tool());
    out.println("# --apply replaces what is there; loading this by hand twice jumps twice.");
    if (rules.sets() != null) {
      out.println(
          "# These sets must be there first: knockgate rules --sets | ipset restore -exist");
      sets(rules, family).lines().forEach(line -> out.println("#   " + line));
    }
    out.print(rules.text(family));
  }
}
