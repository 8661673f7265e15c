package knockgate.gate.control;

import java.util.List;
import knockgate.gate.GrantDesk;
import knockgate.gate.events.Decisions;
import knockgate.gate.events.EventLines;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.rules.hocon.DurationKey;
import knockgate.rules.words.Prefix;

/** From a request to its answer. Used by the control thread only. */
final class Answers {
  private static final DurationKey FOR = new DurationKey("for", "never", "m", "");
  private static final int USUAL_EVENTS = 50;

  private final ControlRoom room;
  private final Runnable wake;

  /**
   * Answers from a room.
   *
   * @param wake called when there are new events for those who follow
   */
  Answers(ControlRoom room, Runnable wake) {
    this.room = room;
    this.wake = wake;
  }

  /**
   * Answers.
   *
   * @param request its lines
   * @param client who asks
   * @throws RuntimeException only for a fault of ours
   */
  Answer to(String request, Client client) {
    Answer answer = new Answer();
    try {
      Request read = Request.parse(request);
      if (!client.access().allows(read.ask().needs())) {
        throw new Failure(
            ExitCode.KERNEL,
            "only root and the user that the gate runs as may ask it to " + read.ask().word());
      }
      write(read, client, answer);
      if (!answer.follows()) {
        answer.end();
      }
    } catch (Failure e) {
      answer.refuse(e.exitCode(), e.sentence());
    } catch (IllegalArgumentException e) {
      answer.refuse(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
    return answer;
  }

  private void write(Request request, Client client, Answer answer) {
    boolean all = client.access().allows(Access.CHANGE);
    String user = client.user();
    switch (request.ask()) {
      case STATUS -> new StatusRows(room).write(answer);
      case PKNOCK -> new PknockLines(room).write(room.desk().door(request.text("door")), answer);
      case DOORS -> new DoorRows(room).write(all, answer);
      case ATTEMPTS -> new AttemptRows(room).write(doorOf(request), mostOf(request), answer);
      case GRANTS -> new GrantRows(room).write(grantsOf(request), mostOf(request), answer);
      case WHY -> new Why(room, Prefix.parse(request.text("peer")), all).write(answer);
      case EVENTS -> writeEvents(request, answer);
      case GRANT ->
          new GrantRows(room)
              .write(
                  List.of(
                      room.desk()
                          .give(request.text("door"), peerOf(request), lastsMsOf(request), user)),
                  answer);
      case EXTEND ->
          new GrantRows(room)
              .write(
                  room.desk()
                      .extend(request.text("door"), peerOf(request), lastsMsOf(request), user),
                  answer);
      case REVOKE ->
          new GrantRows(room)
              .write(room.desk().revoke(request.text("door"), peerOf(request), user), answer);
      case RELOAD ->
          room.current().reload().forEach(key -> answer.add(Row.of("waiting").with("key", key)));
      case OBSERVE -> observe(request.text("mode"));
      case CONFIRM -> room.current().confirm();
      case STOP -> room.stop().run();
    }
  }

  /** The door that a list is asked for; empty = all. */
  private String doorOf(Request request) {
    return request.has("door") ? room.desk().door(request.text("door")).name() : "";
  }

  /** The same for grants, which a door that is gone may have left. */
  private String grantsOf(Request request) {
    return request.has("door") ? room.desk().grantName(request.text("door")) : "";
  }

  private static int mostOf(Request request) {
    return Math.min(request.number("most", Answer.MOST_ROWS), Answer.MOST_ROWS);
  }

  private static Prefix peerOf(Request request) {
    return Prefix.parse(request.text("peer"));
  }

  private static long lastsMsOf(Request request) {
    if (!request.has("for")) {
      return GrantDesk.AS_THE_DOOR_SAYS;
    }
    return FOR.parse(request.text("for"))
        .map(java.time.Duration::toMillis)
        .orElse(GrantDesk.FOR_EVER);
  }

  /** Those who follow miss nothing and see nothing twice: order tells where memory ends. */
  private void writeEvents(Request request, Answer answer) {
    boolean follows = request.has("follow") && request.text("follow").equals("yes");
    int most = Math.min(request.number("most", USUAL_EVENTS), Answer.MOST_ROWS);
    if (follows) {
      room.feed().open(wake);
    }
    Decisions.Latest latest = room.decisions().latest(null, most);
    latest.decisions().forEach(event -> answer.addLine(EventLines.line(event)));
    if (follows) {
      answer.followFrom(latest.nextOrder());
    }
  }

  private void observe(String mode) {
    switch (mode) {
      case "on" -> room.current().observe(true);
      case "off" -> room.current().observe(false);
      default -> throw new IllegalArgumentException("mode=" + mode + " is neither on nor off");
    }
  }
}
