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
import org.jspecify.annotations.Nullable;
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

  private @Nullable String keep() throws PolicyException {
    String policy = "doors.d { protects = [ tcp/22 ], knock = [ 7000, 9000, 8000 ] }";
    return last.keep(
        new FirewallRules(CheckTexts.policy(policy), Layout.MARK), EnumSet.allOf(Family.class));
  }

  /** Also of a full disk: the copy of former rules stays, and would be taken for these. */
  @Test
  void whatCannotBeKeptIsTold() throws IOException, PolicyException {
    assertThat(keep()).isNull();
    Path former = Files.move(usual, folder.resolve("former"));
    Files.createSymbolicLink(usual, former);
    assertThat(keep())
        .startsWith("the rules are in place, but " + usual + " could not be written (it is a link")
        .endsWith("a start with a wrong policy finds former rules there, not these");
    Files.delete(usual);
    Files.createDirectory(usual);
    assertThat(keep()).contains("a start with a wrong policy finds no rules there");
    last = new LastRules(folder.resolve("none/last"), proc);
    assertThat(keep()).isNull();
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
