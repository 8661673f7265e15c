package knockgate.bench;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a block costs in the hashes of messages, of which an HMAC is made: the budget of all
 * messages counts in these times ({@link knockgate.rules.spa.HashKind}).
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class HashBenchmark {
  /**
   * A message of an SPA dialect has some; many blocks here, so that the last one does not count.
   */
  private static final int BLOCKS = 64;

  /** Algorithm, and bytes of a block: 64, 128, or SHA-3's rate. */
  @Param({
    "MD5/64",
    "SHA-1/64",
    "SHA-256/64",
    "SHA-384/128",
    "SHA-512/128",
    "SHA3-256/136",
    "SHA3-512/72"
  })
  String hash;

  private MessageDigest digest;
  private byte[] message;

  /** Makes a message of so many blocks. */
  @Setup
  public void prepare() throws NoSuchAlgorithmException {
    String[] parts = hash.split("/", 2);
    digest = MessageDigest.getInstance(parts[0]);
    message = new byte[BLOCKS * Integer.parseInt(parts[1])];
  }

  @Benchmark
  @OperationsPerInvocation(BLOCKS)
  public byte[] block() {
    return digest.digest(message);
  }
}
