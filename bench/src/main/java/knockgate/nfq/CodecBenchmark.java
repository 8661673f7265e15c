package knockgate.nfq;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to read a queued packet's message and to write a verdict; 64 of them per batch. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC") // as gate/bin/knockgate has it
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
  private static final int BATCH = 64;
  private static final int COPY_RANGE = 2048;

  // struct mmsghdr, as ReceiveBatch lays it out.
  private static final int MMSGHDR = 64;
  private static final int MSG_LEN = 56;
  private static final int IOVEC = 16;

  /** A SYN as kernel 6.18 sent it: header, hook, interface, mark, hardware address, payload. */
  private static final byte[] SYN =
      HexFormat.of()
          .parseHex(
              "88000000000300000000000000000000020000070b00010000000003080001000800050000000002"
                  + "080003001234567810000900000600002e35ebb30246000008000e000000000140000a00"
                  + "4500003c1c27400040069a91c0000202c00002019c421b59fad482ca00000000a002faf0"
                  + "84320000020405b40402080a4a968448000000000103030a");

  private final ReceiveBatch received =
      new ReceiveBatch(BATCH, ReceiveBatch.slotBytesFor(COPY_RANGE));
  private final VerdictBatch verdicts = new VerdictBatch(0, BATCH);

  /** Plays the kernel: puts the message into every slot. */
  @Setup
  public void receive() {
    ByteBuffer memory = received.memory();
    int slots = (BATCH * (MMSGHDR + IOVEC) + 63) / 64 * 64;
    int apart = ReceiveBatch.slotBytesFor(COPY_RANGE);
    for (int i = 0; i < BATCH; i++) {
      memory.putInt(i * MMSGHDR + MSG_LEN, SYN.length);
      memory.put(slots + i * apart, SYN);
    }
    if (received.wrap(BATCH) != BATCH || received.message(BATCH - 1).payloadLength() != 60) {
      throw new IllegalStateException("the message was not read");
    }
  }

  /** All attributes of a message. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int readMessage() {
    return received.wrap(BATCH);
  }

  /** A verdict without a mark, in a message of its own: the packet before was judged otherwise. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int writeVerdict() {
    for (int i = 0; i < BATCH; i++) {
      verdicts.add(i, i % 2 == 0);
    }
    int bytes = verdicts.bytes();
    verdicts.clear();
    return bytes;
  }

  /** A verdict like that of the packet before. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int writeSameVerdict() {
    for (int i = 0; i < BATCH; i++) {
      verdicts.add(i, true);
    }
    int bytes = verdicts.bytes();
    verdicts.clear();
    return bytes;
  }

  /** A verdict with a mark. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int writeMarkedVerdict() {
    for (int i = 0; i < BATCH; i++) {
      verdicts.add(i, true, 0x4b);
    }
    int bytes = verdicts.bytes();
    verdicts.clear();
    return bytes;
  }
}
