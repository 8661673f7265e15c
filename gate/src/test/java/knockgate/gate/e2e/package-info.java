/**
 * The real daemon on a real queue: every test makes network namespaces of its own, and removes
 * them.
 *
 * <p>Needs root and the tools that {@code gate/bin/verify} installs. A test that cannot run fails
 * with a sentence; it is never skipped.
 */
@NullMarked
package knockgate.gate.e2e;

import org.jspecify.annotations.NullMarked;
