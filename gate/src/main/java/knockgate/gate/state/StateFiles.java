package knockgate.gate.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The two files of one gate, {@code state} and {@code state.journal}. The journal stays open and
 * locked for as long as the gate runs, so that no second gate writes to either.
 */
final class StateFiles implements AutoCloseable {
  /** Far more than the largest journal. */
  private static final long MOST_JOURNAL_BYTES = 1L << 27;

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Path snapshot;
  private final Path journal;
  private final Consumer<String> warnings;
  private FileChannel channel;

  private StateFiles(Path snapshot, Path journal, Consumer<String> warnings) throws IOException {
    this.snapshot = snapshot;
    this.journal = journal;
    this.warnings = warnings;
    channel = openLocked(journal);
  }

  /**
   * Opens the journal and locks it.
   *
   * @param snapshot where the snapshot is or will be; the journal is beside it
   * @param warnings gets a sentence for each file that had to be set aside
   * @throws IOException with a sentence, when there can be no such files or another gate has them
   */
  static StateFiles open(Path snapshot, Consumer<String> warnings) throws IOException {
    StateFolder.prepare(snapshot);
    Path journal = snapshot.resolveSibling(snapshot.getFileName() + ".journal");
    return new StateFiles(snapshot, journal, warnings);
  }

  private static FileChannel openLocked(Path journal) throws IOException {
    FileChannel channel =
        FileChannel.open(
            journal,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException thisProcess) {
      // answered below
    }
    channel.close();
    throw new IOException("another gate uses " + journal + "; give each a file of its own");
  }

  Path snapshot() {
    return snapshot;
  }

  /**
   * Reads the snapshot.
   *
   * @return its header; null = there is none, or it was damaged and is set aside
   */
  Snapshot.@Nullable Header readSnapshot(Journal.Reader reader) throws IOException {
    try (FileChannel file =
        FileChannel.open(snapshot, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return Snapshot.read(file, reader);
    } catch (NoSuchFileException first) {
      return null;
    } catch (Damage damage) {
      setAside(snapshot, damage);
      return null;
    }
  }

  /**
   * Reads the journal.
   *
   * @param from records with a number below this are in the snapshot already
   * @return what was found; where nothing could be, that is told and the file set aside
   */
  JournalReading readJournal(long from, Journal.Reader reader) throws IOException {
    try {
      long bytes = channel.size();
      if (bytes > MOST_JOURNAL_BYTES) {
        throw new Damage("its length is that of no journal");
      }
      ByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes);
      return JournalReading.of(file.order(ByteOrder.LITTLE_ENDIAN), from, reader);
    } catch (Damage damage) {
      setAside(journal, damage);
      channel.close();
      channel = openLocked(journal);
      return new JournalReading(from, 0);
    }
  }

  private void setAside(Path file, Damage damage) throws IOException {
    Path aside =
        file.resolveSibling(file.getFileName() + ".damaged-" + STAMP.format(Instant.now()));
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    warnings.accept(file + " is damaged: " + damage.getMessage() + "; it is now " + aside);
  }

  /** Begins the journal anew; what it held must be in the snapshot by now. */
  Journal beginJournal(int room, long first) throws IOException {
    return Journal.begin(channel, room, first);
  }

  /** Lets the next gate have the files. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
