package knockgate.gate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import knockgate.gate.conformance.ReferenceModel.Outcome;
import knockgate.gate.pknock.Imported;
import knockgate.gate.pknock.PknockImport;
import org.junit.jupiter.api.Test;

/**
 * Random chains and random packets: what the importer takes, the gate and the model decide alike.
 * The importer's own claim is put to the test: that where it finds no fault, there is none.
 */
class ImportTwinTest {
  private static final long SEED = 20_261_122;
  private static final int IMPORTED_CHAINS = 400;
  private static final int PACKETS = 250;

  /** Any wall clock but that of 1970, in whose first minute the module lets nobody in. */
  private static final long EPOCH_MS = 1_700_000_000_000L;

  @Test
  void importedChainsDecideLikeTheModelWithAllDepartures() {
    SplittableRandom seeds = new SplittableRandom(SEED);
    int imported = 0;
    int tried = 0;
    int admitted = 0;
    while (imported < IMPORTED_CHAINS) {
      tried++;
      long seed = seeds.nextLong();
      RandomChain chain = new RandomChain(new SplittableRandom(seed));
      Imported result = PknockImport.of(chain.rules, chain.acceptsByDefault, false);
      if (result.refusals().isEmpty()) {
        imported++;
        admitted += compare(chain, result, seed);
      }
    }
    // Chains that nobody can import, or that nobody gets through, would test nothing.
    assertThat(tried).isLessThan(10 * IMPORTED_CHAINS);
    assertThat(admitted).isGreaterThan(IMPORTED_CHAINS * PACKETS / 50);
  }

  /** Compares verdicts, and tells how many packets a door admitted. */
  private static int compare(RandomChain chain, Imported imported, long seed) {
    ImportedGate gate = new ImportedGate(imported, chain.acceptsByDefault, EPOCH_MS);
    ReferenceModel model =
        new ReferenceModel(
            chain.rules, chain.acceptsByDefault, EPOCH_MS, Departure.ofImportedDoors());
    // A packet that cannot be read is dropped by every policy; other rules may let it in unread.
    boolean dropsStrangers =
        !chain.acceptsByDefault
            && imported.left().stream().noneMatch(rule -> rule.endsWith("ACCEPT"));
    long nowMs = 0;
    int admitted = 0;
    for (int i = 0; i < PACKETS; i++) {
      nowMs += chain.pauseMs();
      ByteBuffer packet = chain.packet(dropsStrangers, (EPOCH_MS + nowMs) / 60_000);
      Outcome expected = model.decide(packet, nowMs);
      boolean accepted = gate.accepts(packet, nowMs);
      assertThat(accepted)
          .as(
              "seed %d, packet %d at %d ms, %s: %s; rules %s, policy %s; gate: %s; doors:%n%s",
              seed,
              i,
              nowMs,
              hex(packet),
              expected,
              chain.rules,
              chain.acceptsByDefault ? "ACCEPT" : "DROP",
              gate.reason(),
              imported.policy())
          .isEqualTo(expected.accepted());
      admitted += gate.reason().equals("granted") ? 1 : 0;
    }
    return admitted;
  }

  private static String hex(ByteBuffer packet) {
    byte[] bytes = new byte[packet.capacity()];
    packet.get(0, bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
