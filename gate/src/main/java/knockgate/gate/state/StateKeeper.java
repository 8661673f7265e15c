package knockgate.gate.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import knockgate.gate.Clocks;
import knockgate.rules.Door;
import knockgate.rules.Grant;
import knockgate.rules.GrantTable;
import knockgate.rules.KnockState;
import knockgate.rules.Policy;
import org.jspecify.annotations.Nullable;

/**
 * Keeps grants, and the messages and sequences that were used, over the end of the process, however
 * it ends: every change goes to the {@link Journal} before the packet that made it gets its
 * verdict; a {@link Snapshot} is taken now and then, off the packet path. Attempts are not kept: a
 * peer in the middle of a sequence knocks again.
 */
public final class StateKeeper implements AutoCloseable {
  /** After this long the snapshot is renewed if anything has changed. */
  private static final long RENEW_MS = 300_000;

  private static final int LEAST_ROOM = 1 << 14;
  private static final int MOST_ROOM = 1 << 18;

  private final StateFiles files;
  private final KnockState state;
  private final Clocks clocks;
  private final Map<Integer, Door> doors = new TreeMap<>();

  /** By the number that a door has in this run; 0 = none is known. Replaced, never changed. */
  private volatile long[] digests = {};

  private @Nullable Journal journal;
  private long savedMs;

  /** Where the journal goes on beside a snapshot that could not be written yet; -1 = none. */
  private long unsavedFrom = -1;

  private StateKeeper(StateFiles files, KnockState state, Clocks clocks) {
    this.files = files;
    this.state = state;
    this.clocks = clocks;
  }

  /**
   * Where a policy wants its state; null = nowhere.
   *
   * @param environment of this process
   */
  public static @Nullable Path file(Policy policy, Map<String, String> environment) {
    return StateFolder.file(policy.state(), environment);
  }

  /**
   * Fills the tables with what a former gate left, and keeps them from now on. Before any packet
   * and any thread.
   *
   * @param news gets a sentence for people: what was restored, what was not and why, what is
   *     damaged
   * @throws IOException with a sentence, when nothing can be kept there; a damaged file is no
   *     reason
   */
  public static StateKeeper open(
      Path file, KnockState state, Policy policy, Clocks clocks, Consumer<String> news)
      throws IOException {
    StateFiles files = StateFiles.open(file, news);
    try {
      StateKeeper keeper = new StateKeeper(files, state, clocks);
      keeper.begin(policy, news);
      return keeper;
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private void begin(Policy policy, Consumer<String> news) throws IOException {
    Restorer restorer = new Restorer(state, policy, clocks.nowMs(), clocks.epochMs());
    Snapshot.Header header = files.readSnapshot(restorer::take);
    long first = files.readJournal(header == null ? 0 : header.from(), restorer::take);
    first = Math.max(first, header == null ? 0 : header.from());
    new RestoredInWords(files.snapshot(), header, restorer, clocks.epochMs()).tell(news);
    learn(policy.doors());
    save(first);
    Journal begun = files.beginJournal(room(state.grants().limit()), first);
    journal = begun;
    doors.values().forEach(door -> append(begun, door));
    state.grants().watch(this::changed);
    state.replays().watch(this::used);
  }

  private static int room(int grants) {
    int wanted = Integer.highestOneBit(Math.max(1, 2 * grants - 1)) << 1;
    return Math.max(LEAST_ROOM, Math.min(wanted, MOST_ROOM));
  }

  /** Makes a policy's doors known, before the policy is used. One thread at a time. */
  public synchronized void use(Policy policy) {
    learn(policy.doors());
    Journal open = journal;
    if (open != null) {
      policy.doors().forEach(door -> append(open, door));
    }
  }

  /** Doors that are gone stay known: their grants last until their time is up. */
  private void learn(Collection<Door> known) {
    long[] next = digests;
    for (Door door : known) {
      int id = GrantTable.doorId(state.grantTag(door.name()));
      doors.put(id, door);
      next = Arrays.copyOf(next, Math.max(next.length, id + 1));
      next[id] = DoorDigest.of(door);
    }
    digests = next;
  }

  private static void append(Journal journal, Door door) {
    long[] name = DoorDigest.name(door);
    journal.append(
        name[0],
        name[1],
        DoorDigest.of(door),
        name[2],
        name[3],
        StateRecord.kind(StateRecord.DOOR, 0, 0));
  }

  /** Any thread, a lane's most of all. */
  private void changed(long hi, long lo, long tag, long deadlineMs, int connections) {
    Journal open = journal;
    long door = digest(tag);
    if (open == null || door == 0) {
      return;
    }
    int part = GrantTable.part(tag);
    if (deadlineMs == 0) {
      open.append(hi, lo, door, 0, 0, StateRecord.kind(StateRecord.ENDED, 0, part));
      return;
    }
    long leftMs = leftMs(deadlineMs);
    long kind = StateRecord.kind(StateRecord.GRANT, connections, part);
    open.append(hi, lo, door, endMs(leftMs), leftMs, kind);
  }

  private void used(long word) {
    Journal open = journal;
    if (open != null) {
      open.append(word, 0, 0, 0, 0, StateRecord.kind(StateRecord.USED, 0, 0));
    }
  }

  private long digest(long tag) {
    long[] known = digests;
    int id = GrantTable.doorId(tag);
    return id < known.length ? known[id] : 0;
  }

  private long leftMs(long deadlineMs) {
    return deadlineMs == GrantTable.NEVER ? StateRecord.NEVER : deadlineMs - clocks.nowMs();
  }

  private long endMs(long leftMs) {
    return leftMs == StateRecord.NEVER ? StateRecord.NEVER : clocks.epochMs() + leftMs;
  }

  /**
   * Takes a snapshot if it is time to. Once a second, by one thread that no packet waits for.
   *
   * @throws IOException when it cannot be written; nothing is lost then as long as the journal has
   *     room, and the next call tries again
   */
  public synchronized void tick() throws IOException {
    Journal open = journal;
    if (open == null) {
      return;
    }
    boolean isDue = open.filled() > 0 && clocks.nowMs() - savedMs >= RENEW_MS;
    if (isDue || unsavedFrom >= 0 || open.isHalfFull()) {
      save();
    }
  }

  private void save() throws IOException {
    Journal open = journal;
    if (open != null) {
      // an area whose records no snapshot holds yet must not be written over
      unsavedFrom = unsavedFrom < 0 ? open.turn() : unsavedFrom;
      save(unsavedFrom);
      unsavedFrom = -1;
    }
  }

  private void save(long from) throws IOException {
    try {
      Snapshot.write(
          files.snapshot(), new Snapshot.Header(from, clocks.epochMs()), this::writeContent);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    savedMs = clocks.nowMs();
  }

  private void writeContent(Snapshot.Writer writer) throws IOException {
    for (Door door : doors.values()) {
      long[] name = DoorDigest.name(door);
      writer.add(
          name[0],
          name[1],
          DoorDigest.of(door),
          name[2],
          name[3],
          StateRecord.kind(StateRecord.DOOR, 0, 0));
    }
    state.grants().each(clocks.nowMs(), grant -> write(writer, grant));
    state.replays().export(clocks.epochMs(), word -> write(writer, word));
  }

  private void write(Snapshot.Writer writer, Grant grant) {
    long door = digest(grant.tag());
    long leftMs = leftMs(grant.deadlineMs());
    if (door == 0) {
      return;
    }
    try {
      writer.add(
          grant.hi(),
          grant.lo(),
          door,
          endMs(leftMs),
          leftMs,
          StateRecord.kind(StateRecord.GRANT, grant.connections(), GrantTable.part(grant.tag())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Snapshot.Writer writer, long word) {
    try {
      writer.add(word, 0, 0, 0, 0, StateRecord.kind(StateRecord.USED, 0, 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Records that the journal had no room for; all of them are in the next snapshot. */
  public long lost() {
    Journal open = journal;
    return open == null ? 0 : open.lost();
  }

  /** Takes a last snapshot and lets the files go. When no lane runs any more. */
  @Override
  public synchronized void close() throws IOException {
    try {
      save();
    } finally {
      files.close();
    }
  }
}
