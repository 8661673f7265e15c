package knockgate.gate.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import knockgate.gate.Clocks;
import knockgate.gate.policy.PolicyLoader;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.GrantTag;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Policy;

/** One life of a gate: its tables, its files, and clocks that the test turns. */
final class Life implements AutoCloseable {
  /** 2026-11-22 12:00 UTC. */
  static final long NOON = 1_795_348_800_000L;

  private final Path files;
  private final KnockState state;
  private final HookBook hooks = new HookBook();
  private final StateKeeper keeper;
  private final List<String> news = new ArrayList<>();

  /** The gate's own time; the first life began some while ago, later ones begin anew. */
  private long nowMs;

  private long epochMs;

  /** Begins a life with what its files hold. */
  Life(Path files, String policy, long epochMs) throws IOException {
    this.files = files;
    this.epochMs = epochMs;
    state = new KnockState(policy(policy).limits());
    Clocks clocks = new Clocks(() -> nowMs * 1_000_000, () -> this.epochMs);
    nowMs = 100;
    keeper =
        StateKeeper.open(files.resolve("state"), state, hooks, policy(policy), clocks, news::add);
  }

  private Policy policy(String text) throws IOException {
    Path file = Files.createTempFile(files, "policy", ".conf");
    try {
      return PolicyLoader.load(Files.writeString(file, text));
    } finally {
      Files.delete(file);
    }
  }

  KnockState state() {
    return state;
  }

  HookBook hooks() {
    return hooks;
  }

  StateKeeper keeper() {
    return keeper;
  }

  /** What it told people. */
  List<String> news() {
    return news;
  }

  long now() {
    return nowMs;
  }

  long epoch() {
    return epochMs;
  }

  Life after(long millis) {
    nowMs += millis;
    epochMs += millis;
    return this;
  }

  Life use(String policy) throws IOException {
    keeper.use(policy(policy));
    return this;
  }

  /** Grants a whole door; a negative time = for ever. */
  boolean grant(long lo, String door, long millis) {
    return grant(lo, state.grantTag(door), millis, GrantTable.UNLIMITED);
  }

  boolean grant(long lo, long tag, long millis, int connections) {
    long deadline = millis < 0 ? GrantTable.NEVER : nowMs + millis;
    return state.grants().add(0, lo, tag, nowMs, deadline, connections);
  }

  boolean revoke(long lo, String door) {
    return state.grants().revoke(0, lo, state.grantTag(door), nowMs);
  }

  /** All grants: "door/part peer" to "milliseconds left, connections left". */
  Map<String, String> grants() {
    Map<String, String> left = new TreeMap<>();
    for (Grant grant : state.grants().list(nowMs)) {
      boolean ends = grant.deadlineMs() != GrantTable.NEVER;
      left.put(
          state.doorName(grant.tag())
              + "/"
              + GrantTag.part(grant.tag())
              + " "
              + Long.toHexString(grant.lo()),
          (ends ? grant.deadlineMs() - nowMs : "never") + " " + grant.connections());
    }
    return left;
  }

  /** The next life after kill -9: nothing is closed, its files are what the page cache has. */
  Life crash(String policy, long laterMs) throws IOException {
    Path copy = Files.createTempDirectory(files.getParent(), "after-crash");
    for (String name : new String[] {"state", "state.journal"}) {
      Files.copy(files.resolve(name), copy.resolve(name));
    }
    return new Life(copy, policy, epochMs + laterMs);
  }

  /** The same, but the journal is found to be so. */
  Life crash(String policy, long laterMs, byte[] journal) throws IOException {
    Path copy = Files.createTempDirectory(files.getParent(), "after-crash");
    Files.copy(files.resolve("state"), copy.resolve("state"));
    Files.write(copy.resolve("state.journal"), journal);
    return new Life(copy, policy, epochMs + laterMs);
  }

  /** The next life after an orderly end. */
  Life restart(String policy, long laterMs) throws IOException {
    close();
    return new Life(files, policy, epochMs + laterMs);
  }

  Path files() {
    return files;
  }

  @Override
  public void close() throws IOException {
    keeper.close();
  }
}
