/** Tests of what packets and policies mean. */
@NullMarked
package knockgate.rules;

import org.jspecify.annotations.NullMarked;
