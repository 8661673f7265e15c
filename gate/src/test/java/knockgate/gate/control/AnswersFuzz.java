package knockgate.gate.control;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import knockgate.gate.BareGate;

/** Any request has an answer of whole rows, and none is a fault of ours. */
class AnswersFuzz {
  private static final String POLICY =
      """
      limits { attempts = 64, grants = 64 }
      doors {
        imap { protects = [ tcp/993 ], knock = [ 4002, 4001 ], autoclose = 60m }
        web { protects = [ "tcp/80-89" ], covers { v4 = 24, v6 = 64 }
          spa { dialect = pknock, port = 4002, open-secret = foo, close-secret = bar } }
      }
      """;

  /** One for all requests: what earlier ones did is there for the later ones. */
  private static final BareGate GATE = gate();

  private static BareGate gate() {
    try {
      Path folder = Files.createTempDirectory("knockgate-fuzz");
      folder.toFile().deleteOnExit();
      BareGate gate = BareGate.of(folder, POLICY);
      gate.file().toFile().deleteOnExit();
      return gate.send("203.0.113.9", "tcp/4002").send("2001:db8::9", "tcp/4002", "tcp/4001");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @FuzzTest
  void everyRequestIsAnswered(byte[] bytes) {
    String request = new String(bytes, StandardCharsets.UTF_8);
    for (Access access : Access.values()) {
      List<Row> rows = Asked.rows(GATE, access, request);
      boolean ends = !rows.isEmpty() && rows.get(rows.size() - 1).what().equals("end");
      if (!ends && !request.contains("follow=yes")) {
        throw new AssertionError("an answer without an end: " + rows);
      }
    }
  }
}
