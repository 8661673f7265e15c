package knockgate.gate.cli.knock;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.rules.spa.RotatingSequence;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that describe a rotating door to those who have no policy; a mixin. */
final class RotatingKnocks {
  @Option(
      names = "--rotating",
      paramLabel = "NAME",
      description =
          "knock the present sequence of the rotating door of this name; the secret stands in"
              + " --secret-file or KNOCKGATE_SECRET, or is asked for")
  private @Nullable String door;

  @Option(
      names = "--range",
      paramLabel = "PORTS",
      description = "the range of the rotating door, such as tcp/20000-29999")
  private @Nullable String range;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "4",
      description = "how many knocks (default: ${DEFAULT-VALUE})")
  private int count = 4;

  @Option(
      names = "--step",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = StepWord.class,
      description = "how long a sequence lasts (default: ${DEFAULT-VALUE})")
  private Duration step = Duration.ofSeconds(30);

  @Mixin private SecretOption secret = new SecretOption();

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Whether a rotating door was named. */
  boolean isAsked() {
    return door != null;
  }

  /** An option of a rotating door without one would be ignored, and a wrong knock sent. */
  void refuseIfAlone() {
    if (!isAsked() && (secret.isGiven() || range != null)) {
      throw Misuse.of(
          command, "--secret-file and --range go with --rotating; --door reads the policy");
    }
  }

  /**
   * What the door wants now.
   *
   * @throws Failure if the secret is not to be found, or cannot be one
   */
  List<Step> present() {
    RotatingSequence knocks = knocks();
    return knocks.steps(knocks.stepAt(System.currentTimeMillis()));
  }

  private RotatingSequence knocks() {
    if (range == null) {
      throw Misuse.of(command, "--rotating needs --range, such as tcp/20000-29999");
    }
    PortRange ports;
    try {
      ports = PortRange.parse(range);
    } catch (IllegalArgumentException e) {
      throw Misuse.of(command, "--range: " + e.getMessage());
    }
    try {
      return new RotatingSequence(secret.find(), requireNonNull(door), ports, count, step);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.NOT_SO, String.valueOf(e.getMessage()), e);
    }
  }

  /** A length of a step with its unit, as a policy writes it. */
  static final class StepWord implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String word) {
      if (!word.matches("\\d{1,6}[smhd]")) {
        throw new TypeConversionException(
            "\"" + word + "\" is no length of a step; write such as 30s, 5m or 1d");
      }
      return Duration.parse((word.endsWith("d") ? "P" : "PT") + word);
    }
  }
}
