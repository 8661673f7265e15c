package knockgate.rules;

import static java.util.stream.Collectors.joining;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A door of {@link SlowGatekeeper}, that can write itself as a policy has it.
 *
 * @param knock its sequence; empty where it is rotating, or messages open it
 * @param rotating null = another trigger
 * @param messages null = another trigger
 * @param autoclose milliseconds; null = never
 * @param connections null = unlimited
 */
record SlowDoor(
    String name,
    List<Ports> protects,
    List<Step> knock,
    @Nullable Rotating rotating,
    @Nullable Messages messages,
    Terms terms,
    @Nullable Long autoclose,
    int coversV4,
    int coversV6,
    @Nullable Integer connections) {

  static final String SECRET = "correct horse battery staple";

  /**
   * Where a packet goes.
   *
   * @param number a port, or of an echo request its payload bytes
   */
  record Step(String protocol, int number) {}

  /** Ports of one protocol. */
  record Ports(String protocol, int from, int to) {
    boolean contains(Step step) {
      return protocol.equals(step.protocol) && from <= step.number && step.number <= to;
    }

    String hocon() {
      return "\"%s/%d-%d\"".formatted(protocol, from, to);
    }
  }

  record Rotating(Ports range, int count, int stepSeconds) {}

  /** xt_pknock's messages. */
  record Messages(
      int port, int tolerance, boolean lastByteRequired, boolean pknock6, boolean closesAlways) {

    boolean isForm(String payload) {
      return payload.matches(lastByteRequired ? "[0-9a-f]{64}(?s:.)" : "[0-9a-f]{64}(?s:.)?");
    }
  }

  /**
   * How knocks are judged.
   *
   * @param time milliseconds; null = none
   * @param window milliseconds; null = not written
   */
  record Terms(
      boolean strict,
      @Nullable Long time,
      @Nullable Long window,
      String flags,
      boolean ignoresRepeats,
      boolean restart) {}

  boolean isProtected(Step step) {
    return protects.stream().anyMatch(ports -> ports.contains(step));
  }

  /** Whether a packet can be a right or a wrong knock here. */
  boolean isKnock(Step to, String tcpFlags) {
    boolean isOurs =
        rotating == null
            ? knock.stream().anyMatch(step -> step.protocol.equals(to.protocol))
            : rotating.range.protocol.equals(to.protocol);
    return isOurs && (!to.protocol.equals("tcp") || areOurs(tcpFlags));
  }

  private boolean areOurs(String tcpFlags) {
    return switch (terms.flags) {
      case "any" -> true;
      case "syn", "[ syn, \"!ack\" ]" -> tcpFlags.contains("S") && !tcpFlags.contains("A");
      case "[ fin ]" -> tcpFlags.contains("F");
      case "[ rst, \"!syn\" ]" -> tcpFlags.contains("R") && !tcpFlags.contains("S");
      default -> throw new IllegalArgumentException(terms.flags);
    };
  }

  boolean isStep(Step to, String tcpFlags) {
    boolean isAny = rotating == null ? knock.contains(to) : rotating.range.contains(to);
    return isAny && isKnock(to, tcpFlags);
  }

  /** The time steps whose sequences count. */
  List<Long> timeSteps(long epochMs) {
    if (messages != null) {
      return List.of();
    }
    if (rotating == null) {
      return List.of(0L);
    }
    long present = epochMs / 1000 / rotating.stepSeconds;
    return List.of(present - 1, present, present + 1);
  }

  /** The sequence of one time step, by the formula of knockgate-spa(7). */
  List<Step> sequence(long timeStep) {
    if (rotating == null) {
      return knock;
    }
    List<Step> steps = new ArrayList<>();
    for (int n = 0; steps.size() < rotating.count; n++) {
      String text = "knockgate rotating 1\n" + name + "\n" + timeStep + "\n" + n;
      byte[] digest = hmac(SECRET, text.getBytes(StandardCharsets.UTF_8));
      BigInteger draw = new BigInteger(1, Arrays.copyOf(digest, 6));
      BigInteger width = BigInteger.valueOf(rotating.range.to - rotating.range.from + 1L);
      Step step =
          new Step(rotating.range.protocol, rotating.range.from + draw.mod(width).intValue());
      if (!steps.contains(step)) {
        steps.add(step);
      }
    }
    return steps;
  }

  /** The digits of a message, by the formulas of knockgate-spa(7). */
  String digits(String what, byte[] source, long minute) {
    ByteBuffer text = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    if (source.length == 16) {
      text.put("knockgate/pknock6".getBytes(StandardCharsets.US_ASCII));
    }
    text.put(source).putInt((int) minute);
    byte[] digest = hmac(what + " " + name, Arrays.copyOf(text.array(), text.position()));
    return HexFormat.of().formatHex(digest);
  }

  private static byte[] hmac(String secret, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The most time from the first to the last knock; null = none. */
  @Nullable Long window() {
    return rotating != null && terms.window == null
        ? Long.valueOf(rotating.stepSeconds * 1000L)
        : terms.window;
  }

  String hocon() {
    return """
      %s { protects = [ %s ], protects-knocks = true, %s
        autoclose = %s, covers { v4 = %d, v6 = %d }, connections = %s }
    """
        .formatted(
            name,
            protects.stream().map(Ports::hocon).collect(joining(", ")),
            messages == null ? trigger() + knocks() : spa(messages),
            autoclose == null ? "never" : autoclose + "ms",
            coversV4,
            coversV6,
            connections == null ? "unlimited" : connections);
  }

  private String knocks() {
    return "\n    strict = %s, time = %s, window = %s, flags = %s, repeats = %s, restart = %s"
        .formatted(
            terms.strict,
            terms.time == null ? "none" : terms.time + "ms",
            window() == null ? "none" : window() + "ms",
            terms.flags,
            terms.ignoresRepeats ? "ignore" : "count",
            terms.restart);
  }

  private String spa(Messages spa) {
    return """
    spa { dialect = pknock, port = %d, open-secret = "open %s", close-secret = "close %s"
          tolerance = %d, last-byte = %s, ipv6 = %s, closing = %s }"""
        .formatted(
            spa.port,
            name,
            name,
            spa.tolerance,
            spa.lastByteRequired ? "required" : "optional",
            spa.pknock6 ? "pknock6" : "none",
            spa.closesAlways ? "always" : "once");
  }

  private String trigger() {
    if (rotating != null) {
      return "rotating { secret = \"%s\", range = %s, count = %d, step = %ds }"
          .formatted(SECRET, rotating.range.hocon(), rotating.count, rotating.stepSeconds);
    }
    return knock.stream()
        .map(step -> "\"" + step.protocol + "/" + step.number + "\"")
        .collect(joining(", ", "knock = [ ", " ]"));
  }
}
