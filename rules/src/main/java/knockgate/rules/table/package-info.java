/**
 * What the gate remembers of strangers, in memory of fixed size: {@link
 * knockgate.rules.table.SlotTable}, from 192 bits of key to one number. It knows nothing of knocks;
 * what the numbers mean is the business of those who pack them ({@code Attempt}, {@code
 * GrantTable}).
 */
@NullMarked
package knockgate.rules.table;

import org.jspecify.annotations.NullMarked;
