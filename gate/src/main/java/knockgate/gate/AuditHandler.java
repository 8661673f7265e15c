package knockgate.gate;

import com.lmax.disruptor.EventHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import knockgate.gate.events.Decision;
import knockgate.gate.events.Decisions;
import knockgate.gate.events.EventFeed;
import knockgate.gate.events.EventLines;
import knockgate.gate.events.EventTarget;
import knockgate.gate.hooks.HookWatch;

/**
 * What becomes of an event: it is remembered, written, and handed to those who follow, and hooks
 * may hear of it. Runs on the audit thread.
 */
final class AuditHandler implements EventHandler<AuditRecord> {
  private final Decisions decisions;
  private final EventTarget target;
  private final EventFeed feed;
  private final HookWatch hooks;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);

  AuditHandler(Decisions decisions, EventTarget target, EventFeed feed, HookWatch hooks) {
    this.decisions = decisions;
    this.target = target;
    this.feed = feed;
    this.hooks = hooks;
  }

  @Override
  public void onEvent(AuditRecord event, long sequence, boolean endOfBatch) throws IOException {
    Decision decision = event.decision();
    long order = decisions.remember(decision);
    hooks.hear(decision);
    boolean isFollowed = feed.isOpen();
    if (isFollowed || target.isOpen()) {
      line.reset();
      EventLines.write(decision, line);
      if (isFollowed) {
        feed.offer(new EventFeed.Line(order, ByteBuffer.wrap(line.toByteArray())));
      }
      target.write(decision.reason(), line);
    }
    if (endOfBatch) {
      target.flush();
    }
  }
}
