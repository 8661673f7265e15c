package knockgate.gate;

import com.lmax.disruptor.EventHandler;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import knockgate.rules.Prefix;
import knockgate.rules.Protocol;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes each event as one JSON line, in the audit thread. Fields that do not apply are left out.
 *
 * <pre>
 * {"time":"2026-11-22T12:00:00.123Z","event":"knock","reason":"knock","door":"imap",
 *  "peer":"203.0.113.9","protocol":"tcp","port":4001,"step":2,"steps":3,"ms":140,
 *  "text":"next knock, in time"}
 * </pre>
 */
final class EventLines implements EventHandler<AuditRecord> {
  private final JsonFactory json = new JsonFactory();
  private final OutputStream out;

  /** Writes to a stream that it does not close. */
  EventLines(OutputStream out) {
    this.out = out;
  }

  @Override
  public void onEvent(AuditRecord event, long sequence, boolean endOfBatch) throws IOException {
    try (JsonGenerator line = json.createGenerator(ObjectWriteContext.empty(), new Unclosed(out))) {
      write(line, event);
    }
    out.write('\n');
    if (endOfBatch) {
      out.flush();
    }
  }

  private static void write(JsonGenerator line, AuditRecord event) {
    line.writeStartObject();
    line.writeStringProperty("time", Instant.ofEpochMilli(event.epochMs).toString());
    line.writeStringProperty("event", event.reason.event().word());
    line.writeStringProperty("reason", event.reason.word());
    String door = event.door;
    if (door != null) {
      line.writeStringProperty("door", door);
    }
    line.writeStringProperty(
        "peer", new Prefix(event.peerHi, event.peerLo, event.prefixLength).toString());
    Protocol protocol = event.protocol;
    if (protocol != null) {
      line.writeStringProperty("protocol", protocol.word());
      line.writeNumberProperty("port", event.port);
    }
    if (event.steps > 0) {
      line.writeNumberProperty("step", event.step);
      line.writeNumberProperty("steps", event.steps);
    }
    if (event.millis >= 0) {
      line.writeNumberProperty("ms", event.millis);
    }
    if (event.observed) {
      line.writeBooleanProperty("observed", true);
    }
    line.writeStringProperty("text", event.reason.sentence());
    line.writeEndObject();
  }

  /** The generator must not close what it writes to. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}

    @Override
    public void flush() {}
  }
}
