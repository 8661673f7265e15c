/**
 * What is told of decisions, and to whom. A {@link knockgate.gate.events.Decision} is one event;
 * the latest are kept for who asks later ({@link knockgate.gate.events.Decisions}), and every one
 * is a line ({@link knockgate.gate.events.EventLines}) for the policy's target and for those who
 * follow. Written by the audit thread; how events come from the lanes to it is not known here.
 */
@NullMarked
package knockgate.gate.events;

import org.jspecify.annotations.NullMarked;
