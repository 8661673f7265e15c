package knockgate.rules.hocon;

import com.typesafe.config.ConfigOrigin;

/**
 * Where something stands in a policy.
 *
 * @param file as the reader was given it
 * @param line from 1; 0 = the file as a whole
 */
record Place(String file, int line) {
  /** The library's idea of a place. */
  static Place of(ConfigOrigin origin) {
    String file = origin.filename();
    String name = file != null ? file : origin.description().replaceFirst(": \\d+(-\\d+)?$", "");
    return new Place(name, Math.max(0, origin.lineNumber()));
  }

  /** {@code file:line}. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line;
  }
}
