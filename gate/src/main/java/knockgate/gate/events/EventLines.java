package knockgate.gate.events;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.stream.Collectors;
import knockgate.rules.MessageReport;
import knockgate.rules.spa.FwknopRequest;
import knockgate.rules.words.PortRange;
import knockgate.rules.words.Prefix;
import knockgate.rules.words.Protocol;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * An event as one JSON line. Fields that do not apply are left out.
 *
 * <pre>
 * {"time":"2026-11-22T12:00:00.123Z","event":"knock","reason":"knock","door":"imap",
 *  "peer":"203.0.113.9","protocol":"tcp","port":4001,"step":2,"steps":3,"ms":140,
 *  "text":"next knock, in time"}
 * {"time":"2026-11-22T12:00:00.123Z","event":"grant","reason":"spa-opened","door":"ssh",
 *  "peer":"203.0.113.9","protocol":"udp","port":62201,"ms":60000,
 *  "stanza":"alice","user":"alice","clock_ahead_ms":-210,"asked":"0.0.0.0,tcp/22",
 *  "granted_to":"203.0.113.9","granted":"tcp/22","text":"SPA message: the door is open"}
 * {"time":"2026-11-22T12:00:00.123Z","event":"close","reason":"revoked","door":"ssh",
 *  "peer":"203.0.113.9","by":"root","text":"the grant was taken back"}
 * </pre>
 */
public final class EventLines {
  private static final JsonFactory JSON = new JsonFactory();

  private EventLines() {}

  /** Adds the event's line, with its end, to a buffer. */
  public static void write(Decision event, ByteArrayOutputStream into) {
    try (JsonGenerator line =
        JSON.createGenerator(ObjectWriteContext.empty(), (OutputStream) into)) {
      write(line, event);
    }
    into.write('\n');
  }

  /** The event's line, with its end, as UTF-8. */
  public static byte[] line(Decision event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    write(event, line);
    return line.toByteArray();
  }

  private static void write(JsonGenerator line, Decision event) {
    line.writeStartObject();
    line.writeStringProperty("time", Instant.ofEpochMilli(event.epochMs()).toString());
    line.writeStringProperty("event", event.reason().event().word());
    line.writeStringProperty("reason", event.reason().word());
    writePlace(line, event);
    if (event.steps() > 0) {
      line.writeNumberProperty("step", event.step());
      line.writeNumberProperty("steps", event.steps());
    }
    if (event.millis() >= 0) {
      line.writeNumberProperty("ms", event.millis());
    }
    String by = event.by();
    if (by != null) {
      line.writeStringProperty("by", by);
    }
    MessageReport report = event.report();
    if (report != null) {
      write(line, report);
    }
    if (event.observed()) {
      line.writeBooleanProperty("observed", true);
    }
    line.writeStringProperty("text", event.reason().sentence());
    line.writeEndObject();
  }

  /** Who came to which door, and where to. */
  private static void writePlace(JsonGenerator line, Decision event) {
    String door = event.door();
    if (door != null) {
      line.writeStringProperty("door", door);
    }
    line.writeStringProperty("peer", event.peer().toString());
    Protocol protocol = event.protocol();
    if (protocol != null) {
      line.writeStringProperty("protocol", protocol.word());
      line.writeNumberProperty("port", event.port());
    }
  }

  private static void write(JsonGenerator line, MessageReport report) {
    line.writeStringProperty("stanza", report.stanza());
    line.writeStringProperty("user", report.message().user());
    if (report.signer() != null) {
      line.writeStringProperty("signer", report.signer());
    }
    line.writeNumberProperty("clock_ahead_ms", report.clockDifferenceMs());
    line.writeStringProperty("asked", report.message().message());
    FwknopRequest granted = report.granted();
    if (granted != null) {
      line.writeStringProperty(
          "granted_to", Prefix.address(granted.addressHi(), granted.addressLo()));
      line.writeStringProperty(
          "granted",
          granted.ports().stream().map(PortRange::toString).collect(Collectors.joining(",")));
    }
  }
}
