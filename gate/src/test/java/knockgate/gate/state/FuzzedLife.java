package knockgate.gate.state;

import com.typesafe.config.ConfigFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.KnockState;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyReader;
import knockgate.rules.policy.Door;
import knockgate.rules.policy.Limits;
import knockgate.rules.policy.Policy;

/** The tables of a gate that starts with files of which nobody knows where they come from. */
final class FuzzedLife {
  private static final long NOW_MS = 7;
  private static final int GRANTS = 16;
  private static final Policy POLICY = policy();

  private final KnockState state = new KnockState(new Limits(64, GRANTS, 50, 32, 64));
  private final Restorer restorer = new Restorer(state, new HookBook(), POLICY, NOW_MS, Life.NOON);

  private static Policy policy() {
    try {
      return PolicyReader.read(
          ConfigFactory.parseString("doors { d { protects = [ tcp/22 ], knock = [ 7000 ] } }"));
    } catch (PolicyException e) {
      throw new IllegalStateException(e);
    }
  }

  void take(ByteBuffer records, int at) {
    restorer.take(records, at);
  }

  /**
   * Makes a record of 64 bytes one that a reader believes: with this number and the right check,
   * and of a door of the policy where its door is 0.
   */
  static void believe(ByteBuffer records, int at, long number) {
    long door = records.getLong(at + 24);
    Door first = POLICY.doors().get(0);
    StateRecord.put(
        records,
        at,
        number,
        records.getLong(at + 8),
        records.getLong(at + 16),
        door == 0 ? DoorDigest.of(first, (number & 1) == 0) : door,
        records.getLong(at + 32),
        records.getLong(at + 40),
        records.getLong(at + 48));
  }

  static ByteBuffer copy(byte[] bytes) {
    return ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What was taken in is told in sentences, and can be listed, swept and saved. */
  void check() {
    List<String> news = new ArrayList<>();
    new RestoredInWords(
            Path.of("state"),
            new Snapshot.Header(0, 0),
            new JournalReading(0, 0),
            restorer,
            Life.NOON)
        .tell(news::add);
    Map<String, Integer> homeless = restorer.homeless();
    List<Grant> grants = state.grants().list(NOW_MS);
    for (Grant grant : grants) {
      boolean inTime = grant.deadlineMs() > NOW_MS && grant.deadlineMs() <= GrantTable.NEVER;
      if (!inTime || !state.doorName(grant.tag()).equals("d")) {
        throw new AssertionError(grant + " of " + state.doorName(grant.tag()));
      }
    }
    if (grants.size() != restorer.grants() || grants.size() > GRANTS) {
      throw new AssertionError(grants + ", and " + homeless);
    }
    state.grants().sweep(Long.MAX_VALUE, grant -> {});
    if (state.grants().size() != 0) {
      throw new AssertionError("grants that nothing ends: " + news);
    }
  }
}
