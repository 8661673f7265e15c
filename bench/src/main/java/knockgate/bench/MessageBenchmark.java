package knockgate.bench;

import com.typesafe.config.ConfigFactory;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import knockgate.rules.Gatekeeper;
import knockgate.rules.KnockState;
import knockgate.rules.Packet;
import knockgate.rules.PolicyPlan;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyReader;
import knockgate.rules.policy.Policy;
import knockgate.rules.policy.TcpFlags;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import knockgate.rules.words.Reason;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to decide a message of each dialect, genuine and forged: the whole of {@link
 * Gatekeeper#decide}, budgets, replay window and grants included. Forged messages come from ever
 * new sources, so that no prefix's budget stops them early, and slowly enough for the budget of
 * all.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class MessageBenchmark extends AsTheGate {
  private static final long SEED = 20261122;

  /**
   * Messages made beforehand; then everything is forgotten and they are used again. New tables for
   * that are in the figures of the genuine ones: 2 kB and some hundred nanoseconds each.
   */
  private static final int GENUINE = 1 << 12;

  private static final int PEERS = 10 << 24;
  private static final int STRANGERS = 12 << 24;
  private static final long NOW_MS = 1_795_332_556_000L;

  /** So that ten stanzas' worth of HMACs a message are still within the budget of all. */
  private static final long PAUSE_NS = 1_000_000;

  private static final int FWKNOP_PORT = 62_201;
  private static final int PKNOCK_PORT = 4_002;

  /** fwknop's stanzas, all for the same port; the last one is the sender's. */
  @Param({"1", "10"})
  int stanzas;

  private final Packet packet = new Packet();
  private final byte[][] fwknop = new byte[GENUINE][];
  private final byte[][] pknock = new byte[GENUINE][];
  private Policy policy;
  private Gatekeeper keeper;
  private byte[] forgedFwknop;
  private byte[] forgedPknock;
  private long nowNs;
  private int turn;

  /** Makes policy and messages. */
  @Setup
  public void prepare() throws PolicyException {
    policy = PolicyReader.read(ConfigFactory.parseString(policyText()));
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < GENUINE; i++) {
      fwknop[i] = Messages.fwknop("hmac " + (stanzas - 1), random, NOW_MS);
      pknock[i] = Messages.pknock(Messages.PKNOCK_SECRET, PEERS + i, NOW_MS);
    }
    forgedFwknop = Messages.fwknop("wrong", random, NOW_MS);
    forgedPknock = Messages.pknock("wrong", PEERS, NOW_MS);
    forget();
    check();
  }

  /** What is measured is what it is called, before and behind: no budget has run out. */
  @TearDown
  public void check() {
    turn = 0;
    expect(Reason.SPA_OPENED, genuineFwknop());
    expect(Reason.SPA_OPENED, genuinePknock());
    expect(Reason.SPA_HMAC, forgedFwknop());
    expect(Reason.SPA_HMAC, forgedPknock());
    expect(Reason.SILENT_KNOCK, forgedRotatingKnock());
  }

  private String policyText() {
    String list =
        IntStream.range(0, stanzas)
            .mapToObj("s%1$d { key = key, hmac-key = \"hmac %1$d\" }"::formatted)
            .collect(Collectors.joining("\n"));
    return """
    limits { attempts = 4096, grants = 16384, first-knocks = "100000/s" }
    doors {
      f { protects = [ "tcp/22" ], autoclose = 1h, spa { dialect = fwknop, stanzas { %s } } }
      p { protects = [ "tcp/993" ], autoclose = 1h
          spa { dialect = pknock, port = 4002, open-secret = open, close-secret = shut } }
      r { protects = [ "tcp/443" ], autoclose = 1h
          rotating { secret = "0123456789abcdef", range = "tcp/20000-29999" } }
    }
    """
        .formatted(list);
  }

  private void forget() {
    KnockState state = new KnockState(policy.limits());
    keeper = new Gatekeeper(new PolicyPlan(policy, state), state);
  }

  private static void expect(Reason wanted, Reason got) {
    if (wanted != got) {
      throw new IllegalStateException("wanted " + wanted + ", got " + got);
    }
  }

  /** What became of the message: the note, where there is one, or else the verdict's reason. */
  private Reason send(int source, int port, byte[] message) {
    nowNs += PAUSE_NS;
    packet.readable = true;
    packet.version = 4;
    packet.protocol = Protocol.UDP;
    packet.srcLo = Prefix.v4(source);
    packet.dstPort = port;
    packet.payloadLength = message.length;
    System.arraycopy(message, 0, packet.payload, 0, message.length);
    keeper.decide(packet, nowNs, NOW_MS);
    return packet.notes() == 0 ? packet.reason : packet.noteReason(0);
  }

  private int next() {
    int index = turn++ & GENUINE - 1;
    if (index == 0) {
      forget();
    }
    return index;
  }

  /** Decrypted, read, judged, remembered, granted. */
  @Benchmark
  public Reason genuineFwknop() {
    int index = next();
    return send(PEERS + index, FWKNOP_PORT, fwknop[index]);
  }

  /** The open message of a peer whose door is shut. */
  @Benchmark
  public Reason genuinePknock() {
    int index = next();
    return send(PEERS + index, PKNOCK_PORT, pknock[index]);
  }

  /** Of the right form, with a wrong HMAC: one HMAC for each stanza, and no more. */
  @Benchmark
  public Reason forgedFwknop() {
    return send(STRANGERS + (turn++ & 0xffffff), FWKNOP_PORT, forgedFwknop);
  }

  /** Of the right form: one HMAC for each secret and minute that counts. */
  @Benchmark
  public Reason forgedPknock() {
    return send(STRANGERS + (turn++ & 0xffffff), PKNOCK_PORT, forgedPknock);
  }

  /** A SYN to somewhere in the range of a rotating door, which is not of the present sequences. */
  @Benchmark
  public Reason forgedRotatingKnock() {
    nowNs += PAUSE_NS;
    packet.readable = true;
    packet.version = 4;
    packet.protocol = Protocol.TCP;
    packet.flags = TcpFlags.SYN;
    packet.srcLo = Prefix.v4(STRANGERS + (turn++ & 0xffffff));
    packet.dstPort = 20_001;
    packet.payloadLength = 0;
    keeper.decide(packet, nowNs, NOW_MS);
    return packet.reason;
  }
}
