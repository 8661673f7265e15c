package knockgate.gate.cli.knock;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import knockgate.gate.cli.policy.PolicyDoors;
import knockgate.gate.cli.policy.PolicyFile;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.knock.Knocker;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.Rotating;
import knockgate.rules.policy.Sequence;
import knockgate.rules.words.Step;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code knockgate knock}: the client. */
@Command(
    name = "knock",
    header = "Send a knock sequence.",
    description = {
      "%nEach knock is one packet: a SYN, a UDP datagram, or an echo request. Nothing is waited"
          + " for, and no answer is expected. TCP and UDP need no privilege; ICMP needs root, or a"
          + " group within the sysctl net.ipv4.ping_group_range.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  knockgate knock gate.example 4002 4001 4004",
      "  knockgate knock -6 gate.example udp/7000 tcp/8000 icmp/128",
      "  knockgate knock -c knockgate.conf --door imap gate.example",
      "  knockgate knock --rotating imap --secret-file s --range tcp/20000-29999 HOST",
      "  knockgate knock gate.example 4002 4001 --then 'ssh gate.example'",
      "  knockgate knock -v --delay 50ms --source 192.0.2.7 192.0.2.1 7000 8000",
      "in .ssh/config:",
      "  ProxyCommand knockgate knock %%h 4002 4001 4004 --then 'nc %%h %%p'",
    })
public final class KnockCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "HOST", description = "name or address of the gate")
  private String host = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "STEP",
      description = "7000 or tcp/7000, udp/7000, icmp/128 (an echo request of 128 payload bytes)")
  private List<String> steps = List.of();

  @Option(
      names = "--door",
      paramLabel = "NAME",
      description = "knock the (present) sequence of this door, in place of STEPs")
  private @Nullable String door;

  @Mixin private PolicyFile policyFile = new PolicyFile();
  @Mixin private RotatingKnocks rotating = new RotatingKnocks();
  @Mixin private Afterwards afterwards = new Afterwards();
  @Mixin private Route route = new Route();

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      defaultValue = "0ms",
      converter = DelayWord.class,
      description =
          "pause between knocks, such as 50ms or 1s; for paths that change the order of packets"
              + " (default: none)")
  private Duration delay = Duration.ZERO;

  @Option(
      names = "--payload",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "what UDP knocks carry (default: nothing)")
  private String payload = "";

  @Option(
      names = {"-v", "--verbose"},
      description = "tell each knock, on standard error")
  private boolean verbose;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    List<Step> sequence = sequence();
    InetAddress target = route.to(host);
    send(
        sequence,
        new Knocker(target, route.from(target), payload.getBytes(StandardCharsets.UTF_8)));
    return afterwards.run();
  }

  private List<Step> sequence() {
    boolean isPlain = !steps.isEmpty();
    if ((isPlain ? 1 : 0) + (door == null ? 0 : 1) + (rotating.isAsked() ? 1 : 0) != 1) {
      throw Misuse.of(spec, "give either STEPs or --door NAME or --rotating NAME");
    }
    rotating.refuseIfAlone();
    if (isPlain) {
      return steps.stream().map(this::step).toList();
    }
    return door == null ? rotating.present() : sequence(policyFile.load(), door);
  }

  /** A step as a policy writes it; a bare number is TCP. */
  private Step step(String word) {
    try {
      return Step.parse(word.matches("\\d+") ? "tcp/" + word : word);
    } catch (IllegalArgumentException e) {
      throw Misuse.of(spec, String.valueOf(e.getMessage()));
    }
  }

  private void send(List<Step> sequence, Knocker knocker) {
    for (int i = 0; i < sequence.size(); i++) {
      if (i > 0) {
        pause();
      }
      if (verbose) {
        requireNonNull(spec)
            .commandLine()
            .getErr()
            .println("knock " + (i + 1) + "/" + sequence.size() + " " + sequence.get(i));
      }
      knocker.knock(sequence.get(i));
    }
  }

  private void pause() {
    try {
      Thread.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.NOT_SO, "interrupted before the last knock", e);
    }
  }

  private static List<Step> sequence(Policy policy, String name) {
    Door found = PolicyDoors.named(policy, name);
    if (found.trigger() instanceof Sequence sequence) {
      return sequence.steps();
    }
    if (found.trigger() instanceof Rotating rotating) {
      return rotating.knocks().steps(rotating.knocks().stepAt(System.currentTimeMillis()));
    }
    throw new Failure(
        ExitCode.NOT_SO,
        "door \"" + name + "\" opens by a message, not by knocks; see knockgate spa --help");
  }

  /** A time with its unit: ms or s. */
  static final class DelayWord implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String word) {
      if (word.matches("\\d{1,6}ms")) {
        return Duration.ofMillis(Long.parseLong(word.substring(0, word.length() - 2)));
      }
      if (word.matches("\\d{1,3}s")) {
        return Duration.ofSeconds(Long.parseLong(word.substring(0, word.length() - 1)));
      }
      throw new TypeConversionException("\"" + word + "\" is no pause; write such as 50ms or 1s");
    }
  }
}
