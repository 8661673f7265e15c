package knockgate.gate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.policy.PolicyLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportPknockCommandTest {
  private static final String RULE =
      "-p tcp -m pknock --knockports 4002,4001 --name SSH --time 10 --dport 22 -j ACCEPT";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    List<String> words = new ArrayList<>(List.of("import", "pknock"));
    words.addAll(List.of(args));
    return Root.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), false)
        .execute(words.toArray(new String[0]));
  }

  @Test
  void aRuleInQuotesBecomesAPolicyOnStandardOutput() {
    assertThat(run(RULE)).isEqualTo(ExitCode.OK.number());
    assertThat(out.toString()).contains("\"SSH\" {", "knock     = [ 4002, 4001 ]");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aFileThatIsNamedLikeARuleIsAUsageErrorWithTheCure() {
    assertThat(run("/etc/iptables/rules.v4")).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString())
        .contains("\"/etc/iptables/rules.v4\" is no rule", "write -f /etc/iptables/rules.v4");
  }

  @Test
  void aRuleWithoutQuotesIsOneRule() {
    assertThat(run(RULE.replace("SSH", "the=door").split(" "))).isEqualTo(ExitCode.OK.number());
    assertThat(out.toString()).contains("\"the=door\" {");
  }

  @Test
  void whatIsRefusedIsToldWithReasonAndCureAndNothingElseIsWritten(@TempDir Path folder) {
    Path file = folder.resolve("knockgate.conf");
    assertThat(run(RULE, RULE, "-o", file.toString())).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(err.toString())
        .contains("refused (shared-name): " + RULE, "  why:  ", "  cure: give each knock rule");
    assertThat(out.toString()).isEmpty();
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileBecomesAFileThatOnlyItsOwnerReads(@TempDir Path folder) throws IOException {
    Path rules = Files.writeString(folder.resolve("rules.v4"), "-A INPUT -i lo -j ACCEPT\n" + RULE);
    Path file = folder.resolve("knockgate.conf");
    assertThat(run("-f", rules.toString(), "-o", file.toString())).isZero();
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .contains("left as it is: -A INPUT -i lo -j ACCEPT", "knockgate check -c " + file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PolicyLoader.load(file).doors()).hasSize(1);
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void aDashReadsStandardInput() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(RULE.getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(run("-")).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(out.toString()).contains("\"SSH\" {");
  }

  @Test
  void theChainsPolicyAndStrictnessCanBeSaid() {
    String drop = "-p tcp --dport 22 -j DROP";
    assertThat(run("--policy", "accept", RULE, drop)).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(err.toString()).contains("refused (knocks-let-through)", "--stricter");
    assertThat(run("--policy", "accept", "--stricter", RULE, drop)).isZero();
    assertThat(err.toString()).contains("note: knocks to tcp/4001 are dropped now");
    assertThat(out.toString()).contains("unmatched  = accept");
  }

  @Test
  void noRulesOrNoFileIsToldInOneSentence(@TempDir Path folder) {
    assertThat(run()).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("no rules: give a RULE");
    Path missing = folder.resolve("missing");
    assertThat(run("-f", missing.toString())).isEqualTo(ExitCode.CANNOT.number());
    assertThat(err.toString())
        .contains(missing + ": there is no such file")
        .doesNotContain("\tat ");
  }
}
