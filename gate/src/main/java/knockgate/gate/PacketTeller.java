package knockgate.gate;

import knockgate.rules.Packet;
import knockgate.rules.SealedMessage;
import knockgate.rules.words.Reason;

/**
 * Counts what became of the packets of one lane and tells the audit thread what is worth telling.
 * Comes after the verdicts, so nobody waits for it. Used by the lane's gatekeeper thread; allocates
 * nothing.
 */
final class PacketTeller {
  private final AuditRing audit;
  private final GpgDesk gpg;
  private final LaneCounters counters;
  private final EventPace cheapEvents = new EventPace();
  private final ToldStreams streams = new ToldStreams();

  /**
   * A teller for one lane.
   *
   * @param audit where events go; full = lost and counted
   * @param gpg where messages go that must be decrypted first
   */
  PacketTeller(AuditRing audit, GpgDesk gpg, LaneCounters counters) {
    this.audit = audit;
    this.gpg = gpg;
    this.counters = counters;
  }

  /**
   * Tells of a packet whose verdict has left.
   *
   * @param nowNs the monotonic time of its batch, as {@link Clocks#nowNs} has it
   * @param epochMs the same by the wall clock
   */
  void tell(Packet packet, long nowNs, long epochMs) {
    if (packet.sealed != null) {
      handOver(packet.sealed, nowNs, epochMs);
    }
    for (int note = 0; note < packet.notes(); note++) {
      Reason reason = packet.noteReason(note);
      if (reason == Reason.SPA_SEALED) {
        continue; // told when it is decrypted
      }
      count(reason);
      if (isWorthTelling(reason, nowNs) && !audit.tellNote(packet, note, epochMs)) {
        counters.add(Counter.EVENTS_LOST, 1);
      }
    }
    count(packet.reason);
    // A knock's own event says all; that it was not answered goes without saying.
    boolean told = packet.notes() > 0 && packet.reason == Reason.SILENT_KNOCK;
    if (!told
        && packet.reason.event() != Reason.Event.NOTHING
        && (packet.reason != Reason.GRANTED || streams.tells(packet, nowNs))
        && isWorthTelling(packet.reason, nowNs)
        && !audit.tellVerdict(packet, epochMs)) {
      counters.add(Counter.EVENTS_LOST, 1);
    }
  }

  private void handOver(SealedMessage message, long nowNs, long epochMs) {
    if (gpg.offer(message)) {
      return;
    }
    count(Reason.SPA_BUSY);
    if (isWorthTelling(Reason.SPA_BUSY, nowNs)
        && !audit.tellMessage(epochMs, Reason.SPA_BUSY, message.door(), message, -1, null)) {
      counters.add(Counter.EVENTS_LOST, 1);
    }
  }

  private boolean isWorthTelling(Reason reason, long nowNs) {
    if (!reason.isCheap() || cheapEvents.take(nowNs)) {
      return true;
    }
    counters.add(Counter.EVENTS_SUPPRESSED, 1);
    return false;
  }

  private void count(Reason reason) {
    switch (reason) {
      case FIRST_KNOCK, KNOCK, RESTARTED -> counters.add(Counter.KNOCKS, 1);
      case OPENED -> {
        counters.add(Counter.KNOCKS, 1);
        counters.add(Counter.GRANTS, 1);
      }
      case SPA_OPENED -> {
        counters.add(Counter.MESSAGES, 1);
        counters.add(Counter.GRANTS, 1);
      }
      case SPA_CLOSED -> counters.add(Counter.MESSAGES, 1);
      case WRONG_KNOCK -> counters.add(Counter.WRONG_KNOCKS, 1);
      case TOO_LATE -> counters.add(Counter.LATE_KNOCKS, 1);
      case OVER_BUDGET -> counters.add(Counter.OVER_BUDGET, 1);
      case ATTEMPTS_FULL, GRANTS_FULL -> counters.add(Counter.TABLE_FULL, 1);
      case UNSEEN -> counters.add(Counter.UNSEEN, 1);
      case GRANTED -> counters.add(Counter.ADMITTED, 1);
      case RESCUE -> counters.add(Counter.RESCUED, 1);
      case NO_GRANT -> counters.add(Counter.REFUSED, 1);
      case UNPARSABLE -> counters.add(Counter.UNPARSABLE, 1);
      case FAILED -> counters.add(Counter.FAILED, 1);
      default -> {
        if (reason.isMessageRefusal()) {
          counters.add(Counter.MESSAGES_REFUSED, 1);
        }
      }
    }
  }
}
