package knockgate.gate.events;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import knockgate.rules.policy.Outlets;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Where the lines of events go. Used by the audit thread; {@link #reopen} is for any.
 *
 * <p>To the journal they go through standard output, as systemd connects the two, with the priority
 * in front that sd-daemon(3) defines: {@code <5>} for what opens, closes and refuses, {@code <6>}
 * for the rest.
 */
public final class EventTarget implements Closeable {
  private static final byte[] NOTICE = "<5>".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] INFORMATION = "<6>".getBytes(StandardCharsets.US_ASCII);

  private final @Nullable OutputStream out;
  private final @Nullable EventFile file;
  private final boolean prioritized;

  private EventTarget(@Nullable OutputStream out, @Nullable EventFile file, boolean prioritized) {
    this.out = out;
    this.file = file;
    this.prioritized = prioritized;
  }

  /**
   * Opens what a policy names.
   *
   * @param standardOutput buffered; flushed, never closed
   * @throws knockgate.gate.fault.Failure when the file cannot be opened
   */
  public static EventTarget open(Outlets.Events events, OutputStream standardOutput) {
    if (events.isFile()) {
      EventFile file = EventFile.open(Path.of(events.to()));
      return new EventTarget(file, file, false);
    }
    return switch (events.to()) {
      case Outlets.Events.NONE -> new EventTarget(null, null, false);
      case Outlets.Events.JOURNALD -> new EventTarget(standardOutput, null, true);
      default -> new EventTarget(standardOutput, null, false);
    };
  }

  /** Whether lines go anywhere. */
  public boolean isOpen() {
    return out != null;
  }

  /** Takes one line, with its end. */
  public void write(Reason reason, ByteArrayOutputStream line) throws IOException {
    if (out != null) {
      if (prioritized) {
        out.write(priority(reason));
      }
      line.writeTo(out);
    }
  }

  private static byte[] priority(Reason reason) {
    return switch (reason.event()) {
      case GRANT, CLOSE, AUTOCLOSE, REFUSAL -> NOTICE;
      case KNOCK, ADMISSION, NOTHING -> INFORMATION;
    };
  }

  /** Nothing more comes for the moment. */
  public void flush() throws IOException {
    if (out != null) {
      out.flush();
    }
  }

  /** A file was moved away: the next line goes to a new one. */
  public void reopen() {
    if (file != null) {
      file.reopen();
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
