package knockgate.gate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import knockgate.gate.fault.Failure;
import knockgate.gate.firewall.Family;
import knockgate.gate.firewall.FirewallRules;
import knockgate.gate.firewall.Layout;
import knockgate.rules.hocon.PolicyException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class LastRulesTest {
  @TempDir private Path folder;
  private Path usual = Path.of("");
  private Path proc = Path.of("");
  private LastRules last = new LastRules();

  @BeforeEach
  void lay() throws IOException {
    usual = folder.resolve("last");
    proc = folder.resolve("proc");
    last = new LastRules(usual, proc);
    namespace("self", "net:[4026531840]");
  }

  private void namespace(String process, String name) throws IOException {
    Path ns = Files.createDirectories(proc.resolve(process).resolve("ns"));
    Files.createSymbolicLink(ns.resolve("net"), Path.of(name));
  }

  private void keep() throws PolicyException {
    String policy = "doors.d { protects = [ tcp/22 ], knock = [ 7000, 9000, 8000 ] }";
    last.keep(
        new FirewallRules(CheckTexts.policy(policy), Layout.MARK), EnumSet.allOf(Family.class));
  }

  @Test
  void theUsualFileIsNotForAnotherNetworkNamespace() throws IOException, PolicyException {
    namespace("1", "net:[4026532251]");
    keep();
    assertThat(usual).doesNotExist();
    Files.writeString(usual, "the machine's\n");
    keep();
    assertThat(usual).hasContent("the machine's\n");
    assertThatThrownBy(last::read)
        .isInstanceOf(Failure.class)
        .hasMessageContaining("it is for another network namespace; name this one's by --last");
  }

  @Test
  void aFileThatIsNamedIs() throws IOException, PolicyException {
    namespace("1", "net:[4026532251]");
    Path named = folder.resolve("named");
    CommandSpec command =
        CommandSpec.create().addMixin("last", CommandSpec.forAnnotatedObject(last));
    new CommandLine(command).parseArgs("--last", named.toString());
    keep();
    assertThat(named).exists();
    assertThat(last.read()).isNotNull();
  }

  @Test
  void theUsualFileIsForThatOfProcessOneAndWhereNobodyCanTell()
      throws IOException, PolicyException {
    keep();
    assertThat(usual).exists();
    Files.delete(usual);
    namespace("1", "net:[4026531840]");
    keep();
    assertThat(last.read()).isNotNull();
  }
}
