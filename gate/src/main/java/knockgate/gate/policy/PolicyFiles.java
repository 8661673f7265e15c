package knockgate.gate.policy;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import knockgate.gate.fault.FileTrouble;
import knockgate.rules.hocon.PolicyException;
import knockgate.rules.hocon.PolicyProblem;
import knockgate.rules.hocon.PolicySource;
import org.jspecify.annotations.Nullable;

/**
 * Opens a policy's files: the first one, and those that its include statements name, each once and
 * only from the first one's folder or below it. The library calls back at each statement, in the
 * order of the text, and one call inside the other where an included file includes. A refused
 * include is noted as a problem and reads as nothing, so that the other mistakes are found too.
 *
 * <p>For one policy and one thread.
 */
final class PolicyFiles
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  /** 200 doors take some 40 kB; this bounds what a wrong path (a device, a disk image) may cost. */
  private static final int LARGEST = 4 << 20;

  private final Path first;
  private final Path folder;
  private final Set<Path> seen = new HashSet<>();
  private final Deque<Opened> stack = new ArrayDeque<>();
  private final List<PolicyProblem> problems = new ArrayList<>();
  private @Nullable PolicySource source;

  /** A file that is being parsed, and the sources of its include statements so far. */
  private record Opened(Path path, String text, List<PolicySource> includes) {
    PolicySource source() {
      return new PolicySource(path.toString(), text, includes);
    }
  }

  /**
   * @param first the policy itself; nothing is read yet
   */
  PolicyFiles(Path first) {
    this.first = first;
    this.folder = folderOf(first).toAbsolutePath().normalize();
  }

  private static Path folderOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  /**
   * Reads and parses the policy with its includes.
   *
   * @throws PolicyException when the policy itself cannot be read, or a syntax error ends it all
   */
  Config parse() throws PolicyException {
    try {
      return parse(first, read(first)).toConfig();
    } catch (IOException e) {
      throw new PolicyException(List.of(new PolicyProblem(first.toString(), 0, "", sentence(e))));
    } catch (ConfigException e) {
      throw PolicyException.of(e);
    }
  }

  /** The policy's folder. */
  Path folder() {
    return folder;
  }

  /** What was read; null before {@link #parse} has returned. */
  @Nullable PolicySource source() {
    return source;
  }

  /** The include statements that were refused. */
  List<PolicyProblem> problems() {
    return problems;
  }

  private ConfigObject parse(Path file, String text) {
    seen.add(file.toAbsolutePath().normalize());
    stack.push(new Opened(file, text, new ArrayList<>()));
    ConfigParseOptions options =
        ConfigParseOptions.defaults().setOriginDescription(file.toString());
    ConfigObject parsed = ConfigFactory.parseString(text, options.setIncluder(this)).root();
    source = stack.pop().source();
    return parsed;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    return included(what);
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return included(what.getPath());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    return refused(currentFile(), "a URL is not read; copy the file beside the policy");
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    return refused(currentFile(), "the class path is not read; copy the file beside the policy");
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this; // the library's own would read whatever a statement names
  }

  private Opened currentFile() {
    return requireNonNull(stack.peek(), "an include statement outside of a file");
  }

  private ConfigObject included(String what) {
    Opened from = currentFile();
    Path path;
    try {
      path = folderOf(from.path).resolve(what).normalize();
    } catch (InvalidPathException e) {
      return refused(from, "this is no name of a file");
    }
    Path absolute = path.toAbsolutePath().normalize();
    if (Path.of(what).isAbsolute() || !absolute.startsWith(folder)) {
      return refused(from, "it is outside the policy's folder; copy the file beside the policy");
    }
    if (seen.contains(absolute)) {
      return refused(from, "the file is included already; each is read once");
    }
    try {
      ConfigObject parsed = parse(path, read(path));
      from.includes.add(requireNonNull(source));
      return parsed;
    } catch (IOException e) {
      return refused(from, sentence(e));
    }
  }

  /** Notes a problem of the present include statement, which then reads as nothing. */
  private ConfigObject refused(Opened from, String sentence) {
    int statement = from.includes.size();
    int line = from.source().includeLine(statement);
    problems.add(new PolicyProblem(from.path.toString(), line, "include", sentence));
    from.includes.add(new PolicySource("", "", List.of()));
    return ConfigFactory.empty().root();
  }

  private static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new IOException("it is larger than " + (LARGEST >> 20) + " MB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private static String sentence(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    } else if (e instanceof AccessDeniedException) {
      return SecretFiles.notReadable("the file");
    } else if (e instanceof CharacterCodingException) {
      return "the file is not UTF-8 text";
    }
    return "the file cannot be read: " + FileTrouble.reason(e);
  }
}
