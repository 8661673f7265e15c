package knockgate.gate.doctor;

/**
 * Something that is not as it should be.
 *
 * @param about what it is about, one word for programs, such as {@code rules}
 * @param sentence what was found and what it means, without a full stop
 * @param cure what to do, if possible a command to type
 */
public record Finding(String about, String sentence, String cure) {}
