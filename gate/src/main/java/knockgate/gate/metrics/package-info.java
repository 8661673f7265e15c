/** Metrics for Prometheus; loaded only where a policy wants them. */
@NullMarked
package knockgate.gate.metrics;

import org.jspecify.annotations.NullMarked;
