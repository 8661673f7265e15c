package knockgate.rules;

import knockgate.rules.spa.FwknopGpg;
import knockgate.rules.spa.FwknopJudge;
import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopReader;
import knockgate.rules.spa.FwknopReplays;
import knockgate.rules.spa.FwknopRequest;
import knockgate.rules.spa.FwknopStanza;
import knockgate.rules.spa.GpgOpened;
import knockgate.rules.spa.GpgOpener;
import knockgate.rules.words.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message in GPG mode, off the packet path: of the stanzas that may take it the
 * first that passes wins. Once it is decrypted, all is as for a message in symmetric mode. Owned by
 * one thread.
 */
public final class SealedJudge {
  private static final byte[] NO_SALT = {};

  private final GpgOpener opener;
  private final FwknopReplays replays;
  private final PortGrants grants;
  private final FwknopReader reader = new FwknopReader();
  private final FwknopJudge judge = new FwknopJudge();

  private String door = "";
  private long grantedMs;
  private @Nullable MessageReport report;

  /** Over the tables that the lanes use too. */
  public SealedJudge(KnockState state, GpgOpener opener) {
    this.opener = opener;
    this.replays = new FwknopReplays(state.replays());
    this.grants = new PortGrants(state.grants());
  }

  /**
   * Judges a message, and grants what it asks for.
   *
   * @param nowMs milliseconds since the gate's start, from which the grant counts
   * @return {@link Reason#SPA_OPENED}, {@link Reason#GRANTS_FULL}, or the reason of the stanza
   *     where the message came furthest
   */
  public Reason judge(SealedMessage sealed, long nowMs) {
    Reason furthest = Reason.SPA_FORM;
    boolean fresh = false;
    grantedMs = -1;
    report = null;
    for (SealedMessage.Taker taker : sealed.takers) {
      FwknopStanza stanza = taker.stanza();
      GpgOpened opened = opener.open((FwknopGpg) stanza.keys(), sealed.openPgp, sealed.epochMs);
      Reason reason = read(stanza, opened, sealed.epochMs);
      if (reason == null) {
        // As the verifier has it: before the clock, and once for each packet.
        reason = fresh ? null : replays.useUp(reader.message(), NO_SALT, 0, 0, sealed.epochMs);
        fresh = reason == null;
      }
      if (reason == null) {
        reason = grant(taker, opened.signer(), sealed, nowMs);
      }
      if (reason.compareTo(furthest) >= 0 || isFinal(reason)) {
        furthest = reason;
        door = taker.door();
      }
      if (isFinal(reason)) {
        break;
      }
    }
    return furthest;
  }

  /** Null = {@link #reader} has a message. */
  private @Nullable Reason read(FwknopStanza stanza, GpgOpened opened, long epochMs) {
    if (opened.refusal() != null) {
      return opened.refusal();
    }
    Reason unreadable = reader.read(opened.plain(), opened.plain().length);
    if (unreadable != null) {
      return unreadable;
    }
    report = report(stanza, opened.signer(), epochMs, null);
    return null;
  }

  private Reason grant(
      SealedMessage.Taker taker, @Nullable String signer, SealedMessage sealed, long nowMs) {
    FwknopStanza stanza = taker.stanza();
    if (!FwknopJudge.isInTime(stanza, reader.message(), sealed.epochMs)) {
      return Reason.SPA_CLOCK;
    }
    Reason reason = judge.judge(stanza, reader.message(), sealed.srcHi(), sealed.srcLo());
    if (reason != Reason.SPA_OPENED) {
      return reason;
    }
    FwknopRequest request = judge.request();
    report = report(stanza, signer, sealed.epochMs, request);
    Reason given = grants.give(taker.plan(), request, nowMs);
    grantedMs = grants.lastMs();
    return given;
  }

  private MessageReport report(
      FwknopStanza stanza, @Nullable String signer, long epochMs, @Nullable FwknopRequest request) {
    FwknopMessage message = reader.message();
    long ahead = FwknopJudge.clockDifferenceMs(message, epochMs);
    return new MessageReport(stanza.name(), message, signer, ahead, request);
  }

  private static boolean isFinal(Reason reason) {
    return switch (reason) {
      case SPA_OPENED, GRANTS_FULL, SPA_REPLAY, SPA_REPLAY_FULL -> true;
      default -> false;
    };
  }

  /** The door that the last message opened, or where it came furthest. */
  public String door() {
    return door;
  }

  /** How long the last grant lasts, in milliseconds; -1 = none was given. */
  public long grantedMs() {
    return grantedMs;
  }

  /** What the last message said; null = nobody could read it. */
  public @Nullable MessageReport report() {
    return report;
  }
}
