package knockgate.gate.policy;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;
import knockgate.gate.gpg.GpgKeyCheck;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyProblem;
import knockgate.rules.hocon.PolicyReader;
import knockgate.rules.policy.Policy;

/** From a file, and the files it includes, to a policy. The environment has no say in it. */
public final class PolicyLoader {
  private PolicyLoader() {}

  /**
   * Reads a policy for a command that cannot go on without one.
   *
   * @throws Failure with every mistake
   */
  public static Policy load(Path file) {
    try {
      return read(file);
    } catch (PolicyException e) {
      int mistakes = e.problems().size();
      String head = mistakes == 1 ? "" : mistakes + " mistakes in the policy\n";
      throw new Failure(ExitCode.POLICY, head + e.getMessage(), e);
    }
  }

  /**
   * Reads a policy.
   *
   * @throws PolicyException with every mistake, those of reading the files included
   */
  public static Policy read(Path file) throws PolicyException {
    try {
      return readNested(file);
    } catch (StackOverflowError e) {
      // the parser goes down with every brace; a thread that reloads must not end of it
      throw new PolicyException(
          List.of(new PolicyProblem(file.toString(), 0, "", "it is nested too deeply to be read")));
    }
  }

  private static Policy readNested(Path file) throws PolicyException {
    PolicyFiles files = new PolicyFiles(file);
    Config parsed = files.parse();
    List<PolicyProblem> problems = new ArrayList<>(files.problems());
    Policy policy = null;
    try {
      policy =
          PolicyReader.read(
              parsed, files.source(), new SecretFiles(files.folder()), new GpgKeyCheck());
    } catch (PolicyException e) {
      problems.addAll(e.problems());
    }
    if (policy == null || !problems.isEmpty()) {
      throw new PolicyException(problems);
    }
    return policy;
  }
}
