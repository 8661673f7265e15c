package knockgate.bench;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import knockgate.rules.Packet;
import knockgate.rules.PacketParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to read the headers of a packet out of direct memory into its slot. 64 packets lie
 * 2560 bytes apart, as in a batch of the lane; addresses, ports and numbers differ.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC") // as gate/bin/knockgate has it
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParseBenchmark {
  private static final long SEED = 20261122;
  private static final int PACKETS = 64;
  private static final int APART = 2560;

  /** Payload of the UDP packets: an encrypted SPA message is about as long. */
  private static final int PAYLOAD = 200;

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int V4_SYN = 40;
  private static final int V6_SYN = 60;
  private static final int V4_UDP = 28 + PAYLOAD;

  private ByteBuffer v4Syns;
  private ByteBuffer v6Syns;
  private ByteBuffer v4Datagrams;
  private final Packet packet = new Packet();
  private int turn;

  /** Writes the packets. */
  @Setup
  public void write() {
    SplittableRandom random = new SplittableRandom(SEED);
    v4Syns = ByteBuffer.allocateDirect(PACKETS * APART);
    v6Syns = ByteBuffer.allocateDirect(PACKETS * APART);
    v4Datagrams = ByteBuffer.allocateDirect(PACKETS * APART);
    for (int i = 0; i < PACKETS; i++) {
      v4(v4Syns.position(i * APART), TCP, V4_SYN, random);
      tcp(v4Syns, random);
      v6(v6Syns.position(i * APART), random);
      tcp(v6Syns, random);
      v4(v4Datagrams.position(i * APART), UDP, V4_UDP, random);
      udp(v4Datagrams, random);
    }
  }

  private static void v4(ByteBuffer into, int protocol, int length, SplittableRandom random) {
    into.put((byte) 0x45).put((byte) 0).putShort((short) length).putInt(0);
    into.put((byte) 64).put((byte) protocol).putShort((short) 0);
    into.putInt(random.nextInt()).putInt(random.nextInt());
  }

  private static void v6(ByteBuffer into, SplittableRandom random) {
    into.putInt(0x60000000).putShort((short) (V6_SYN - 40)).put((byte) TCP).put((byte) 64);
    into.putLong(0x20010db8_00000000L).putLong(random.nextLong());
    into.putLong(0x20010db8_00000001L).putLong(random.nextLong());
  }

  private static void tcp(ByteBuffer into, SplittableRandom random) {
    into.putShort((short) random.nextInt()).putShort((short) random.nextInt());
    into.putInt(random.nextInt()).putInt(0);
    into.put((byte) 0x50).put((byte) 2).putShort((short) 1024).putInt(0);
  }

  private static void udp(ByteBuffer into, SplittableRandom random) {
    into.putShort((short) random.nextInt()).putShort((short) random.nextInt());
    into.putShort((short) (8 + PAYLOAD)).putShort((short) 0);
    for (int i = 0; i < PAYLOAD; i++) {
      into.put((byte) random.nextInt());
    }
  }

  private boolean parse(ByteBuffer packets, int length) {
    PacketParser.parse(packets, (turn++ & PACKETS - 1) * APART, length, packet);
    return packet.readable;
  }

  @Benchmark
  public boolean synOverIpv4() {
    return parse(v4Syns, V4_SYN);
  }

  @Benchmark
  public boolean synOverIpv6() {
    return parse(v6Syns, V6_SYN);
  }

  @Benchmark
  public boolean datagramOverIpv4() {
    return parse(v4Datagrams, V4_UDP);
  }
}
