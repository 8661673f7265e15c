package knockgate.gate.cli.knock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import knockgate.gate.cli.Client;
import knockgate.gate.fault.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnockCommandTest {
  private final Client client = new Client();
  private final StringBuilder err = new StringBuilder();

  private int knock(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "knock";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int exitCode = client.run(all);
    err.append(client.err());
    return exitCode;
  }

  @ParameterizedTest
  @CsvSource({
    "sctp/7000, sctp",
    "70000,     there is no port 70000",
    "0,         there is no port 0",
    "tcp:7000,  write 7000 (tcp)",
    "icmp/70000, 65507",
    "-1,        '-1'",
  })
  void aWrongStepIsAUsageErrorThatNamesIt(String word, String said) {
    assertThat(knock("192.0.2.1", word)).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains(said).contains("Try: knockgate knock --help");
  }

  @ParameterizedTest
  @CsvSource({"50ms, 50", "0ms, 0", "2s, 2000", "999s, 999000"})
  void aPauseHasItsUnit(String word, long millis) {
    assertThat(new KnockCommand.DelayWord().convert(word)).isEqualTo(Duration.ofMillis(millis));
  }

  /** The longest step that a policy takes is a day. */
  @ParameterizedTest
  @CsvSource({"30s, 30", "5m, 300", "3600s, 3600", "1h, 3600", "1d, 86400"})
  void aStepIsWrittenAsInAPolicy(String word, long seconds) {
    assertThat(new RotatingKnocks.StepWord().convert(word)).hasSeconds(seconds);
  }

  @ParameterizedTest
  @CsvSource({"50", "-1s", "1h", "1.5s", "s"})
  void aPauseWithoutUnitIsAUsageError(String word) {
    assertThat(knock("--delay=" + word, "192.0.2.1", "7000")).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("write such as 50ms or 1s");
  }

  @Test
  void stepsAndDoorExcludeEachOtherAndOneIsNeeded() {
    assertThat(knock("192.0.2.1")).isEqualTo(ExitCode.USAGE.number());
    assertThat(knock("--door=ssh", "192.0.2.1", "7000")).isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString()).contains("give either STEPs or --door NAME");
  }

  @Test
  void anOptionOfARotatingDoorIsNotIgnoredWithoutOne() {
    assertThat(knock("--door=ssh", "--secret-file=s", "192.0.2.1"))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(knock("--range=tcp/20000-29999", "192.0.2.1", "7000"))
        .isEqualTo(ExitCode.USAGE.number());
    assertThat(err.toString())
        .containsPattern("(?s)--secret-file and --range go with --rotating.*--range go with");
  }

  @Test
  void theFamiliesExcludeEachOther() {
    assertThat(knock("-4", "-6", "192.0.2.1", "7000")).isEqualTo(ExitCode.USAGE.number());
  }

  @Test
  void aHostThatWasForgottenIsNotThisMachineNorAnAddressOutOfThePort() {
    assertThat(knock("", "7000", "8000")).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(knock("7000", "8000", "9000")).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(err.toString())
        .contains("\"\" is no host; write a name")
        .contains("\"7000\" is no host; write a name");
  }

  @Test
  void anAddressOfTheOtherFamilyIsRefusedInOneSentence() {
    assertThat(knock("-6", "192.0.2.1", "7000")).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(knock("--source=::1", "192.0.2.1", "7000")).isEqualTo(ExitCode.NOT_SO.number());
    assertThat(err.toString())
        .contains("192.0.2.1 has no address of the wanted family")
        .contains("::1 has no address of the wanted family");
  }
}
