package knockgate.gate.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import knockgate.gate.Clocks;
import knockgate.gate.fault.FileTrouble;
import knockgate.rules.KnockState;
import knockgate.rules.policy.Policy;
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
  private final Clocks clocks;
  private final Consumer<String> news;
  private final KnownDoors doors;
  private final StateContent content;
  private final StateContent.Sink toJournal = this::toJournal;

  /** Number of the first record of this life's journal, and how many fit in an area. */
  private long first;

  private final int room;

  /** Null until a first snapshot could be written. */
  private volatile @Nullable Journal journal;

  private long savedMs;

  /** Whether a grant was taken back since the last snapshot was begun. */
  private volatile boolean tookBack;

  /** The first record that the last snapshot does not hold. */
  private long savedNext;

  /** Whether the last try to write a snapshot was a success. */
  private boolean isSaved = true;

  private StateKeeper(
      StateFiles files, KnockState state, HookBook hooks, Clocks clocks, Consumer<String> news) {
    this.files = files;
    this.clocks = clocks;
    this.news = news;
    room = room(state.grants().limit());
    doors = new KnownDoors(state);
    content = new StateContent(state, hooks, clocks, doors);
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
   * and any thread. Where they cannot be saved yet, as the disk is full, and the policy does not
   * name the file, every {@link #tick} tries again: a grant that is taken back must not come back
   * from the old files.
   *
   * @param hooks what they have done is filled in and kept as well
   * @param news gets a sentence for people: what was restored, what was not and why, what is
   *     damaged
   * @throws IOException when nothing can be kept there; a damaged file is no reason
   */
  public static StateKeeper open(
      Path file,
      KnockState state,
      HookBook hooks,
      Policy policy,
      Clocks clocks,
      Consumer<String> news)
      throws IOException {
    StateFiles files = StateFiles.open(file, news);
    try {
      StateKeeper keeper = new StateKeeper(files, state, hooks, clocks, news);
      Restorer restorer = new Restorer(state, hooks, policy, clocks.nowMs(), clocks.epochMs());
      keeper.first = keeper.restore(restorer);
      keeper.doors.learn(policy.doors());
      keeper.begin(policy.state().demanded());
      state.grants().watch(keeper::changed);
      state.replays().watch(word -> keeper.content.writeUsed(keeper.toJournal, word));
      hooks.watch((entry, isOpen) -> keeper.content.write(keeper.toJournal, entry, isOpen));
      return keeper;
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /** Returns the number of the first record that the journal of this life will have. */
  private long restore(Restorer restorer) throws IOException {
    Snapshot.Header header = files.readSnapshot(restorer::take);
    JournalReading reading = files.readJournal(header == null ? 0 : header.from(), restorer::take);
    new RestoredInWords(files.snapshot(), header, reading, restorer, clocks.epochMs()).tell(news);
    return reading.next();
  }

  private void begin(boolean isDemanded) throws IOException {
    try {
      journal = begun();
    } catch (IOException e) {
      if (isDemanded) {
        throw e;
      }
      news.accept(
          "warning: what changes from now on will not outlive this gate unless it can be saved,"
              + " which is tried again every second: "
              + files.snapshot()
              + ": "
              + FileTrouble.reason(e));
    }
  }

  /** The old files count until the snapshot is written, which makes the old journal needless. */
  private Journal begun() throws IOException {
    save(first);
    Journal begun = files.beginJournal(room, first);
    doors.all().forEach(door -> content.write(begun::append, door));
    return begun;
  }

  private static int room(int grants) {
    int wanted = Integer.highestOneBit(Math.max(1, 2 * grants - 1)) << 1;
    return Math.max(LEAST_ROOM, Math.min(wanted, MOST_ROOM));
  }

  /** Makes a policy's doors known, before the policy is used. One thread at a time. */
  public synchronized void use(Policy policy) {
    doors.learn(policy.doors());
    policy.doors().forEach(door -> content.write(toJournal, door));
  }

  /** Any thread, a lane's most of all. */
  private void changed(long hi, long lo, long tag, long deadlineMs, int connections) {
    if (deadlineMs == 0) {
      content.writeEnded(toJournal, hi, lo, tag);
      tookBack = true;
    } else {
      content.writeGrant(toJournal, hi, lo, tag, deadlineMs, connections);
    }
  }

  private void toJournal(long a, long b, long c, long d, long e, long kind) {
    Journal open = journal;
    if (open != null) {
      open.append(a, b, c, d, e, kind);
    }
  }

  /**
   * Takes a snapshot if it is time to: at once when a grant was taken back, for a journal that is
   * lost or damaged must let nobody in again who was thrown out. Once a second, and when somebody
   * waits for the latter; by threads that no packet waits for.
   *
   * @throws IOException when it cannot be written; nothing is lost then as long as there is a
   *     journal that has room, and the next call tries again
   */
  public synchronized void tick() throws IOException {
    Journal open = journal;
    if (open == null) {
      open = begun();
      journal = open;
      isSaved = false; // what changed meanwhile is in neither of them
      news.accept("the state is saved from now on");
    }
    boolean isAlone = open.fault() != null;
    boolean isDue = open.next() != savedNext && (isAlone || clocks.nowMs() - savedMs >= RENEW_MS);
    if (isDue || tookBack || !isSaved || open.isHalfFull()) {
      save(open);
    }
  }

  private void save(Journal open) throws IOException {
    // an area whose records no snapshot holds yet must not be written over
    boolean turns = isSaved && open.isHalfFull();
    if (turns) {
      open.turn();
    }
    isSaved = false;
    tookBack = false; // what is taken back from here on may be missed by this snapshot
    savedNext = open.next();
    save(savedNext);
    isSaved = true;
    if (!turns && open.isHalfFull()) {
      save(open);
    }
  }

  private void save(long from) throws IOException {
    Snapshot.Header header = new Snapshot.Header(from, clocks.epochMs());
    Snapshot.write(files.snapshot(), header, content::writeAll);
    savedMs = clocks.nowMs();
  }

  /** Why the journal is off, and a snapshot is taken with every tick instead; null = it is not. */
  public @Nullable Throwable journalFault() {
    Journal open = journal;
    return open == null ? null : open.fault();
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
      Journal open = journal;
      if (open == null) {
        save(first);
      } else {
        save(open);
      }
    } finally {
      files.close();
    }
  }
}
