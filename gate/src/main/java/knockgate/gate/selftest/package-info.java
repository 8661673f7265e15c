/** Each door of a policy tried out, in namespaces that exist for no longer than that. */
@NullMarked
package knockgate.gate.selftest;

import org.jspecify.annotations.NullMarked;
