package knockgate.gate.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import knockgate.gate.fault.ExitCode;
import knockgate.gate.fault.Failure;

/**
 * A program of the system, run without a shell.
 *
 * @param path where it is
 */
public record Program(Path path) {
  /** Where administrators' programs are; an ordinary user's PATH often leaves them out. */
  private static final List<String> SBIN = List.of("/usr/sbin", "/sbin");

  /**
   * What a program left behind.
   *
   * @param exitCode 0 if it succeeded
   * @param out its standard output
   * @param err its standard error
   */
  public record Outcome(int exitCode, String out, String err) {
    /** Whether the program succeeded. */
    public boolean succeeded() {
      return exitCode == 0;
    }
  }

  /**
   * Looks for a program in PATH and in the sbin folders.
   *
   * @param name its name, or a path
   * @param debianPackage what to install if it is not there
   * @throws Failure with that cure
   */
  public static Program find(String name, String debianPackage) {
    if (name.contains("/")) {
      return existing(Path.of(name), name, debianPackage);
    }
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), SBIN.stream())
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Program::new)
        .orElseThrow(() -> missing(name, debianPackage));
  }

  private static Program existing(Path path, String name, String debianPackage) {
    if (!Files.isExecutable(path)) {
      throw missing(name, debianPackage);
    }
    return new Program(path);
  }

  private static Failure missing(String name, String debianPackage) {
    return new Failure(
        ExitCode.CANNOT,
        name + " is not installed: on Debian and Ubuntu, apt install " + debianPackage);
  }

  /**
   * Runs it to its end.
   *
   * @param input what it reads; it must read all before it writes more than a pipe holds (64 kB)
   * @throws Failure if it cannot be started
   */
  public Outcome run(String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(path.toString());
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading; its exit code and its words tell why.
      }
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), out, err);
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT, path + " cannot be started: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.CANNOT, path + " was interrupted", e);
    }
  }
}
