package knockgate.gate.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivilegesTest {
  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, true", // root
    "00000000a80435fb, true", // root of a container as Docker makes it
    "0000000000003000, true", // CAP_NET_RAW beside it
    "0000000000001000, false", // what the unit gives
    "0000000000000000, false", // too little; binding the queue will say so
  })
  void moreThanCapNetAdminIsWarnedOf(String effective, boolean warned) {
    String status = "Name:\tjava\nCapPrm:\t000001ffffffffff\nCapEff:\t" + effective + "\n";
    assertThat(Privileges.warning(status) != null).isEqualTo(warned);
  }
}
