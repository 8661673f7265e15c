package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jnr.ffi.Platform;
import knockgate.nfq.NativeException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeLibrariesTest {
  @Test
  void missingLibraryNamesThePackageThatBringsIt() {
    NativeException e =
        catchThrowableOfType(
            NativeException.class, () -> NativeLibraries.load("libnetfilter_absent.so.1"));
    assertThat(e.kind()).isEqualTo(Kind.MISSING_LIBRARY);
    assertThat(e.errno()).isZero();
    assertThat(e)
        .hasMessage(
            "load libnetfilter_absent.so.1 (install it with: apt install libnetfilter-queue1)")
        .hasCauseInstanceOf(UnsatisfiedLinkError.class);
  }

  @Test
  void theRealOnesLoad() throws NativeException {
    NativeLibraries libraries = NativeLibraries.get();
    assertThat(libraries.c().send(-1, 0, 0, 0)).isEqualTo(-1);
    assertThat(libraries.errno()).as("EBADF").isEqualTo(9);
    assertThat(NativeLibraries.get()).as("loaded once").isSameAs(libraries);
  }

  @ParameterizedTest
  @CsvSource({"LINUX, 4", "DARWIN, 8", "WINDOWS, 8"})
  void otherMachinesAreTurnedAway(Platform.OS os, int addressBytes) {
    NativeException e =
        catchThrowableOfType(
            NativeException.class, () -> NativeLibraries.requireLayout(os, addressBytes));
    assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(e).hasMessageContaining("64-bit Java");
  }
}
