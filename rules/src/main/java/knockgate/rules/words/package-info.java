/**
 * The words that everybody here speaks: whom a packet comes from ({@link
 * knockgate.rules.words.Prefix}), what it knocks at or wants ({@link
 * knockgate.rules.words.Protocol}, {@link knockgate.rules.words.Step}, {@link
 * knockgate.rules.words.PortRange}), what the kernel is told ({@link
 * knockgate.rules.words.Verdict}) and why ({@link knockgate.rules.words.Reason}). All are
 * immutable, and most can be read from a policy's text, with a sentence for who misspelt them. The
 * lowest room of the module: it depends on no other.
 */
@NullMarked
package knockgate.rules.words;

import org.jspecify.annotations.NullMarked;
