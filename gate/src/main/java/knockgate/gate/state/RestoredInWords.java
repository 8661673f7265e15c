package knockgate.gate.state;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a start made of the files, for people; nothing to tell is nothing told.
 *
 * @param header of the snapshot; null = there was none
 */
record RestoredInWords(
    Path file,
    Snapshot.@Nullable Header header,
    JournalReading journal,
    Restorer restorer,
    long epochMs) {
  /** Smaller steps of a clock are nobody's concern. */
  private static final long NOTED_STEP_MS = 60_000;

  void tell(Consumer<String> news) {
    if (restorer.grants() > 0 || restorer.used() > 0) {
      news.accept(restored());
    }
    restorer.homeless().forEach((door, count) -> news.accept(homeless(door, count)));
    restorer.homelessHooks().forEach((door, count) -> news.accept(notRun(door, count)));
    if (restorer.unplaced() > 0) {
      news.accept(
          "not restored: "
              + counted(restorer.unplaced(), "grant")
              + ", for which limits.grants leaves no room");
    }
    if (journal.broken() > 0) {
      news.accept(brokenJournal());
    }
    if (header != null && epochMs < header.writtenMs() - NOTED_STEP_MS) {
      news.accept(
          "the clock is "
              + (header.writtenMs() - epochMs) / 1000
              + " s behind the time when the state was written; no grant lasts longer for it");
    }
  }

  private String restored() {
    return "restored "
        + counted(restorer.grants(), "grant")
        + " and "
        + counted(restorer.used(), "used message")
        + " from "
        + file;
  }

  private static String homeless(String door, long count) {
    return "not restored: "
        + counted(count, "grant")
        + " of the door "
        + door
        + ", which the policy no longer has, or covers other prefixes now";
  }

  private static String notRun(String door, long count) {
    return "not run: on-close of the door "
        + door
        + " for "
        + counted(count, "peer")
        + ", for the policy no longer has that door";
  }

  private String brokenJournal() {
    return counted(journal.broken(), "record")
        + " of "
        + file
        + ".journal had no effect yet when the gate was killed, or cannot be read any more:"
        + " the changes of that one moment are not restored";
  }

  private static String counted(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }
}
