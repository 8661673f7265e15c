package knockgate.gate.gpg;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import knockgate.gate.conformance.Json;
import knockgate.gate.conformance.SharedFolder;
import org.jspecify.annotations.Nullable;

/**
 * One recorded packet of a real fwknop client in GPG mode. The shipped ones are a resource; where
 * the system property {@code knockgate.shared} names a folder, those of its {@code vectors}.
 */
public final class GpgVector {
  private static final String FORMAT = "GnuPG mode";

  private final Map<String, Object> vector;
  private final Map<String, Object> keys;
  private final Map<String, Object> decoded;

  private GpgVector(Map<String, Object> file, Map<String, Object> vector) {
    this.vector = vector;
    this.keys = object(object(file, "keys"), requireNonNull(text(vector, "keyset")));
    this.decoded = object(vector, "decoded");
  }

  /** All of the named folder, or else the shipped ones; one at least. */
  static List<GpgVector> all() {
    Path folder = SharedFolder.of("vectors");
    List<GpgVector> vectors = new ArrayList<>();
    try {
      if (folder != null) {
        vectors.addAll(in(folder));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (vectors.isEmpty() && SharedFolder.isNamed()) {
      System.out.println("no GPG vectors in the folder named: the shipped ones are used");
    }
    return vectors.isEmpty() ? shipped() : vectors;
  }

  /** Those that ship with the tests, for tests that want one of some kind. */
  public static List<GpgVector> shipped() {
    List<GpgVector> vectors = new ArrayList<>();
    try (InputStream packed =
            requireNonNull(GpgVector.class.getResourceAsStream("/vectors/fwknop-gpg.json.gz"));
        InputStream json = new GZIPInputStream(packed)) {
      addAll(json, vectors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return vectors;
  }

  /**
   * Those of a folder.
   *
   * @throws AssertionError with file and line, where one cannot be read
   */
  static List<GpgVector> in(Path folder) throws IOException {
    List<GpgVector> into = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          addAll(in, into);
        } catch (RuntimeException e) {
          throw new AssertionError(file + ", " + e.getMessage(), e);
        }
      }
    }
    return into;
  }

  private static void addAll(InputStream in, List<GpgVector> into) {
    if (Json.read(in) instanceof Map<?, ?> read
        && String.valueOf(read.get("format")).contains(FORMAT)) {
      Map<String, Object> file = asObject(read);
      List<?> vectors = (List<?>) requireNonNull(file.get("vectors"));
      if (vectors.isEmpty()) {
        throw new AssertionError("a file with format \"" + FORMAT + "\", but no vectors in it");
      }
      for (Object vector : vectors) {
        into.add(new GpgVector(file, asObject(requireNonNull(vector))));
      }
    }
  }

  /** The payload of the datagram. */
  public String packet() {
    return requireNonNull(text(vector, "packet"));
  }

  /** As it was sent, without its HMAC. */
  String body() {
    return packet().substring(0, packet().length() - (hmac() == null ? 0 : hmac().length()));
  }

  private @Nullable String hmac() {
    return text(vector, "hmac");
  }

  /** What the client cut off. */
  String prefix() {
    return requireNonNull(text(vector, "prefix_cut"));
  }

  /** Whether anybody signed it. */
  public boolean isSigned() {
    return (boolean) requireNonNull(vector.get("signed"));
  }

  /** Whether any policy takes it: without signer and HMAC anybody could have sent it. */
  boolean mayBeTaken() {
    return isSigned() || hasHmac();
  }

  /** Whether an HMAC stands behind it. */
  public boolean hasHmac() {
    return text(vector, "hmac_type") != null;
  }

  /** The word of a policy, such as {@code sha3-256}. */
  String hmacKind() {
    return requireNonNull(text(vector, "hmac_type")).replace('_', '-');
  }

  String hmacKey() {
    return requireNonNull(text(vector, "hmac_key_base64"));
  }

  String secretKey() {
    return requireNonNull(text(keys, "server_secret_key"));
  }

  String signerKey() {
    return requireNonNull(text(keys, "client_public_key"));
  }

  /** Of the key that signed it. */
  public String signer() {
    return requireNonNull(text(vector, "signer_fingerprint"));
  }

  /** Of the primary key that it belongs to. */
  String primarySigner() {
    return requireNonNull(text(keys, "client_fingerprint"));
  }

  /** A field of the message. */
  String field(String name) {
    return requireNonNull(text(decoded, name), name);
  }

  @Nullable String fieldOrNull(String name) {
    return text(decoded, name);
  }

  /** When it was made, milliseconds since 1970. */
  public long epochMs() {
    return Long.parseLong(field("timestamp")) * 1000;
  }

  @Override
  public String toString() {
    return requireNonNull(text(vector, "id"));
  }

  private static @Nullable String text(Map<String, Object> object, String key) {
    Object value = object.get(key);
    return value == null ? null : value.toString();
  }

  private static Map<String, Object> object(Map<String, Object> object, String key) {
    return asObject(requireNonNull(object.get(key), key));
  }

  @SuppressWarnings("unchecked") // the vectors' own form; a wrong one fails at first use
  private static Map<String, Object> asObject(Object value) {
    return (Map<String, Object>) value;
  }
}
