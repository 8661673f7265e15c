package knockgate.gate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Words of a rule that the shipped traces do not use, and that the module takes all the same. */
class ModelRuleTest {
  @Test
  void aNameKeepsItsCharacters() {
    assertThat(knock("--knockports 1 --time 5 --name é").name()).isEqualTo("é");
    assertThat(knock("--knockports 1 --time 5 --name " + "é".repeat(20)).name())
        .startsWith("é".repeat(15));
  }

  @Test
  void numbersAreReadAsTheModuleReadsThem() {
    assertThat(knock("--knockports 1 --time 5x --name a").limit()).isEqualTo(5);
    assertThat(knock("--knockports 1 --time 1.5 --name a").limit()).isEqualTo(1);
    assertThat(knock("--knockports 1 --time -1 --name a").limit()).isEqualTo(4294967295L);
    assertThat(knock("--knockports 1 --time 4294967297 --name a").limit()).isEqualTo(1);
    assertThat(knock("--knockports 0x10,010 --time 5 --name a").ports()).containsExactly(16, 8);
    assertThat(knock("--knockports \"1, 2\" --time 5 --name a").ports()).containsExactly(1, 2);
    assertThat(knock("--knockports 1 --time 5 --autoclose 0x10 --name a").autoclose())
        .isEqualTo(16);
  }

  private static ModelRule.Knock knock(String options) {
    return (ModelRule.Knock) ModelRule.of("-p tcp -m pknock " + options).tests().get(1);
  }
}
