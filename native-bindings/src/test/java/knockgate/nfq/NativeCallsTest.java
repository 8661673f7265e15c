package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import jnr.ffi.Pointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What jnr-ffi demands and does not check itself. */
class NativeCallsTest {
  static Stream<Method> calls() {
    return Stream.of(LibC.class, LibCSockets.class, LibNetfilterQueue.class)
        .flatMap(library -> Arrays.stream(library.getDeclaredMethods()));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void sixthArgumentWouldBeCorrupted(Method call) {
    assertThat(call.getParameterCount()).isLessThanOrEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void interfaceIsPublicForTheGeneratedClass(Method call) {
    assertThat(Modifier.isPublic(call.getDeclaringClass().getModifiers())).isTrue();
  }

  /** As wide in C on 64-bit Linux; anything narrower would need an annotation. */
  @ParameterizedTest
  @MethodSource("calls")
  void everyTypeIsAsWideInC(Method call) {
    assertThat(call.getReturnType()).isIn(int.class, long.class, Pointer.class);
    assertThat(call.getParameterTypes())
        .isSubsetOf(int.class, long.class, Pointer.class, int[].class, byte[].class);
  }

  /** A start pays a class made at run-time for each kind. */
  @ParameterizedTest
  @MethodSource("calls")
  void nothingIsAnnotated(Method call) {
    assertThat(call.getAnnotations()).isEmpty();
    assertThat(call.getParameters())
        .allSatisfy(parameter -> assertThat(parameter.getAnnotations()).isEmpty());
  }
}
