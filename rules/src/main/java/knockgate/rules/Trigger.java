package knockgate.rules;

/** What opens a door. */
public sealed interface Trigger permits Sequence, Rotating, Spa {}
