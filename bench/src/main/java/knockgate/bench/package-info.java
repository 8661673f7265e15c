/** Benchmarks, race tests and end-to-end measurements. */
@NullMarked
package knockgate.bench;

import org.jspecify.annotations.NullMarked;
