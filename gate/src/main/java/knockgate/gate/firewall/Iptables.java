package knockgate.gate.firewall;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.process.Program;
import knockgate.gate.process.Program.Outcome;

/** The iptables of one family: what is there, what would be accepted, and putting it in place. */
final class Iptables {
  /** How long to wait for whoever else is changing the firewall. */
  private static final String LOCK_SECONDS = "5";

  private static final Pattern VARIANT = Pattern.compile("iptables(-nft|-legacy)?");
  private static final Pattern FAILED_LINE = Pattern.compile("line:? (\\d+)");

  private final Family family;
  private final Program lister;
  private final Program restorer;

  /**
   * Finds the tools.
   *
   * @param variant {@code iptables}, {@code iptables-nft} or {@code iptables-legacy}, with or
   *     without a path; the family's tools have their names from it
   * @throws Failure if that is no such name, or if a tool is not installed
   */
  Iptables(String variant, Family family) {
    this.family = family;
    Path path = Path.of(variant);
    Matcher name = VARIANT.matcher(String.valueOf(path.getFileName()));
    if (!name.matches()) {
      throw new Failure(
          ExitCode.USAGE,
          "--iptables " + variant + ": name iptables, iptables-nft or iptables-legacy");
    }
    String suffix = name.group(1) == null ? "" : name.group(1);
    String tool = path.resolveSibling(family.tool() + suffix).toString();
    try {
      lister = Program.find(tool, "iptables");
      restorer = Program.find(tool + "-restore", "iptables");
    } catch (Failure e) {
      String other = family == Family.V6 ? "-4" : "-6";
      throw new Failure(
          e.exitCode(),
          e.sentence() + "; knockgate rules " + other + " leaves " + family.title() + " out",
          e);
    }
  }

  Family family() {
    return family;
  }

  /** What is there of the gate in a table. */
  Installed installed(Table table) {
    return Installed.parse(listing(table));
  }

  /**
   * All rules of a table, as {@code iptables -S} prints them.
   *
   * @throws Failure in the tool's own words
   */
  String listing(Table table) {
    Outcome outcome = lister.run("", "-w", LOCK_SECONDS, "-t", table.word(), "-S");
    if (!outcome.succeeded()) {
      throw refused(lister, outcome, "");
    }
    return outcome.out();
  }

  /**
   * All rules of the family, as {@code iptables-save} prints them.
   *
   * @throws Failure in the tool's own words
   */
  String saved() {
    Program saver = Program.find(lister.path() + "-save", "iptables");
    Outcome outcome = saver.run("");
    if (!outcome.succeeded()) {
      throw refused(saver, outcome, "");
    }
    return outcome.out();
  }

  /**
   * Asks whether rules would be accepted, and changes nothing.
   *
   * @throws Failure in the tool's own words, with the rule and the cure
   */
  void test(String rules) {
    restore(rules, "--test");
  }

  /** Puts rules in place; each table changes whole or not at all. */
  void restore(String rules) {
    restore(rules, "--noflush");
  }

  private void restore(String rules, String option) {
    if (rules.isEmpty()) {
      return;
    }
    Outcome outcome = restorer.run(rules, "-w", LOCK_SECONDS, "--noflush", option);
    if (!outcome.succeeded()) {
      throw refused(restorer, outcome, rules);
    }
  }

  private static Failure refused(Program program, Outcome outcome, String rules) {
    String words = outcome.err().strip().replaceAll("\\s*\\R\\s*", "; ");
    Matcher line = FAILED_LINE.matcher(words);
    String rule =
        line.find()
            ? rules.lines().skip(Integer.parseInt(line.group(1)) - 1L).findFirst().orElse("")
            : "";
    return new Failure(
        ExitCode.KERNEL,
        program.path()
            + " refused"
            + (rule.isEmpty() ? "" : " \"" + rule + "\"")
            + ": "
            + (words.isEmpty() ? "exit code " + outcome.exitCode() : words)
            + cure(words, rule));
  }

  private static String cure(String words, String rule) {
    if (rule.startsWith("-X ")) {
      String chain = rule.substring("-X ".length());
      return " (a rule that is not the gate's leads to "
          + chain
          + "; iptables-save | grep "
          + chain
          + " shows it, and it must go first)";
    }
    if (words.contains("Permission denied") || words.contains("Operation not permitted")) {
      return " (run it as root)";
    }
    if (words.contains("xtables lock")) {
      return " (another program is changing the firewall; try again)";
    }
    if (words.contains("Table does not exist")) {
      return " (the kernel lacks this table; -4 or -6 leaves the other family out)";
    }
    return "";
  }
}
