package knockgate.rules;

import knockgate.rules.spa.FwknopMessage;
import knockgate.rules.spa.FwknopRequest;
import org.jspecify.annotations.Nullable;

/**
 * What an authentic message said, for the event about it.
 *
 * @param stanza name of the stanza that judged it
 * @param message the message
 * @param signer fingerprint of the key that signed it; null = nobody had to
 * @param clockDifferenceMs how far the sender's clock is ahead of ours; negative = behind
 * @param granted what was granted; null = it was refused
 */
public record MessageReport(
    String stanza,
    FwknopMessage message,
    @Nullable String signer,
    long clockDifferenceMs,
    @Nullable FwknopRequest granted) {}
