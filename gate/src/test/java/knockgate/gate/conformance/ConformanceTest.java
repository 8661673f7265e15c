package knockgate.gate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import knockgate.gate.conformance.ReferenceModel.Outcome;
import knockgate.gate.pknock.Cause;
import knockgate.gate.pknock.Imported;
import knockgate.gate.pknock.PknockImport;
import knockgate.gate.pknock.Refusal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Recordings, model and gate. The recordings are the shipped ones, or those of the folder that
 * {@link Corpus} is told of; nothing here knows a trace by its name.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
  /**
   * Traces that depend on more than packets and their times: on the phase of the machine's uptime,
   * or on memory behind a list of ports.
   */
  private static final Set<String> BEYOND_THE_MODEL =
      Set.of("quirk:spa-clock", "quirk:udp-autoclose-stuck", "quirk:index-past-ports");

  private static final Set<Departure> REPLAYS_REFUSED = EnumSet.of(Departure.MINUTE_REMEMBERED);

  private static final int MOST_SHOWN = 20;

  /** A trace, and what the importer made of its rules. */
  private record Case(Trace trace, Imported imported) {
    boolean isImported() {
      return imported.refusals().isEmpty();
    }
  }

  private final List<Case> cases =
      Corpus.traces().stream().map(trace -> new Case(trace, imported(trace))).toList();

  private final StringBuilder summary = new StringBuilder();

  @Test
  void theGateDoesAsTheModuleWhereNoQuirkMatters() {
    List<String> differences = new ArrayList<>();
    List<String> replays = new ArrayList<>();
    int compared = 0;
    for (Case each : cases) {
      if (each.isImported() && !each.trace.isQuirk()) {
        compared++;
        if (opensTwiceByOneMessage(each.trace)) {
          replays.add(each.trace.name());
          differences.addAll(gateAgainstModel(each.trace, each.imported, REPLAYS_REFUSED));
        } else {
          differences.addAll(gateAgainstRecording(each.trace, each.imported));
        }
      }
    }
    say("untagged traces through the gate: " + compared + ", differences: " + differences.size());
    if (!replays.isEmpty()) {
      say("of them, those where a used message opens the module again: " + replays);
    }
    assertNone(differences);
  }

  /**
   * A strict rule that a wrong packet made forget a peer takes the same message twice, which no
   * quirk tag says. Here each message counts once.
   */
  private static boolean opensTwiceByOneMessage(Trace trace) {
    ReferenceModel model = model(trace, REPLAYS_REFUSED);
    return trace.events().stream()
        .anyMatch(e -> model.decide(e.packet(), e.atMs()).accepted() != e.accepted());
  }

  @Test
  void withoutDeparturesTheModelIsTheModule() {
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (Case each : cases) {
      if (each.trace.tags().stream().noneMatch(BEYOND_THE_MODEL::contains)) {
        compared++;
        differences.addAll(modelAgainstRecording(each.trace));
      }
    }
    say("recordings against the model: " + compared + ", differences: " + differences.size());
    assertNone(differences);
  }

  @Test
  void withAllDeparturesTheModelIsTheGate() {
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (Case each : cases) {
      if (each.isImported()) {
        compared++;
        differences.addAll(
            gateAgainstModel(each.trace, each.imported, Departure.ofImportedDoors()));
        differences.addAll(
            gateAgainstModel(
                each.trace,
                ImportedGate.withoutClosing(each.imported),
                EnumSet.allOf(Departure.class)));
      }
    }
    say("all traces, gate against the model: " + compared + ", differences: " + differences.size());
    assertNone(differences);
  }

  @Test
  void nineInTenUntaggedTracesAreImportedAndTheOthersAreRefusedForAReason() {
    Map<Cause, Integer> causes = new EnumMap<>(Cause.class);
    int untagged = 0;
    int accepted = 0;
    for (Case each : cases) {
      if (!each.trace.isQuirk()) {
        untagged++;
        List<Refusal> refusals = each.imported.refusals();
        if (refusals.isEmpty()) {
          accepted++;
        } else {
          causes.merge(refusals.get(0).cause(), 1, Integer::sum);
        }
      }
    }
    say("untagged traces: " + untagged + ", imported: " + accepted + ", refused: " + causes);
    assertThat(accepted * 10).isGreaterThanOrEqualTo(untagged * 9);
  }

  @AfterAll
  void printSummary() {
    System.out.print("conformance, " + Corpus.place() + "\n" + summary);
  }

  private void say(String line) {
    summary.append("  ").append(line).append('\n');
  }

  private static void assertNone(List<String> differences) {
    assertThat(differences.stream().limit(MOST_SHOWN)).as("differences").isEmpty();
  }

  private static Imported imported(Trace trace) {
    return PknockImport.of(trace.rules(), trace.acceptsByDefault(), false);
  }

  private static List<String> gateAgainstRecording(Trace trace, Imported imported) {
    ImportedGate gate = new ImportedGate(imported, trace.acceptsByDefault(), trace.epochMs());
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < trace.events().size(); i++) {
      Trace.Event event = trace.events().get(i);
      boolean accepted = gate.accepts(event.packet(), event.atMs());
      if (accepted != event.accepted()) {
        differences.add(at(trace, i) + expected(event.accepted(), event.rule(), accepted, gate));
      }
    }
    return differences;
  }

  private static List<String> gateAgainstModel(
      Trace trace, Imported imported, Set<Departure> departures) {
    ImportedGate gate = new ImportedGate(imported, trace.acceptsByDefault(), trace.epochMs());
    ReferenceModel model = model(trace, departures);
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < trace.events().size(); i++) {
      Trace.Event event = trace.events().get(i);
      Outcome outcome = model.decide(event.packet(), event.atMs());
      boolean accepted = gate.accepts(event.packet(), event.atMs());
      if (accepted != outcome.accepted()) {
        differences.add(
            at(trace, i) + expected(outcome.accepted(), outcome.rule(), accepted, gate));
      }
    }
    return differences;
  }

  private static String expected(boolean accept, int rule, boolean got, ImportedGate gate) {
    return "expected %s by rule %d, got %s (%s)"
        .formatted(verdict(accept), rule, verdict(got), gate.reason());
  }

  private static String verdict(boolean accept) {
    return accept ? "ACCEPT" : "DROP";
  }

  private static ReferenceModel model(Trace trace, Set<Departure> departures) {
    return new ReferenceModel(trace.rules(), trace.acceptsByDefault(), trace.epochMs(), departures);
  }

  private static List<String> modelAgainstRecording(Trace trace) {
    ReferenceModel model = model(trace, EnumSet.noneOf(Departure.class));
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < trace.events().size(); i++) {
      Trace.Event event = trace.events().get(i);
      Outcome got = model.decide(event.packet(), event.atMs());
      int rule = event.rule() == Trace.Event.UNKNOWN || event.hotdrop() ? event.rule() : got.rule();
      Outcome expected = new Outcome(event.accepted(), event.rule(), event.hotdrop());
      if (!expected.equals(new Outcome(got.accepted(), rule, got.hotdrop()))) {
        differences.add(at(trace, i) + "expected " + expected + ", got " + got);
      }
      Map<String, List<String>> state = event.state();
      if (state != null && !state.equals(model.records())) {
        differences.add(at(trace, i) + "expected " + state + ", got " + model.records());
      }
    }
    if (!trace.statusAfter().equals(model.status())) {
      differences.add(
          at(trace, trace.events().size())
              + "expected status %s, got %s".formatted(trace.statusAfter(), model.status()));
    }
    return differences;
  }

  private static String at(Trace trace, int event) {
    return "%s, event %d of %s: ".formatted(trace.name(), event, trace.rules());
  }
}
