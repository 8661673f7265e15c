/**
 * From a parsed HOCON tree to a {@link knockgate.rules.policy.Policy}. {@link
 * knockgate.rules.hocon.PolicyReader} is the way in: it reads the whole policy and collects every
 * mistake, and there is one reader for each part of the language. {@link
 * knockgate.rules.hocon.Block} asks a tree for its keys, {@link knockgate.rules.hocon.Scalar} reads
 * one value, {@link knockgate.rules.hocon.KeyScanner} finds what the tree has lost: the order of
 * the keys. Nobody here opens a file: the texts, and what stands in secret files, are handed in.
 */
@NullMarked
package knockgate.rules.hocon;

import org.jspecify.annotations.NullMarked;
