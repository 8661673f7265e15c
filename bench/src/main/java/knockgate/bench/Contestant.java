package knockgate.bench;

import java.util.List;

/**
 * What takes part in the end-to-end run.
 *
 * @param name as the tables show it
 * @param command a program that binds queue 0; empty = the kernel alone, without a queue
 * @param knows whether it is a gate with a door, that can be knocked at
 */
record Contestant(String name, List<String> command, boolean knows) {
  boolean isKernelAlone() {
    return command.isEmpty();
  }
}
