package knockgate.nfq;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.stream.Stream;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
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

  @ParameterizedTest
  @MethodSource("calls")
  void everyLongSaysWhatItIsInC(Method call) {
    for (Parameter parameter : call.getParameters()) {
      if (parameter.getType() == long.class) {
        assertThat(cTypes(parameter.getAnnotations())).as("%s", parameter).isNotEmpty();
      }
    }
    if (call.getReturnType() == long.class) {
      assertThat(cTypes(call.getAnnotations())).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void everyArraySaysWhichWayItGoes(Method call) {
    for (Parameter parameter : call.getParameters()) {
      Class<?> type = parameter.getType();
      if (type.isArray()) {
        boolean directed =
            parameter.isAnnotationPresent(In.class) || parameter.isAnnotationPresent(Out.class);
        assertThat(directed).as("%s", parameter).isTrue();
      } else {
        assertThat(type).isIn(int.class, long.class, Pointer.class);
      }
    }
  }

  private static Stream<Annotation> cTypes(Annotation[] annotations) {
    return Arrays.stream(annotations)
        .filter(a -> a.annotationType().getPackageName().equals("jnr.ffi.types"));
  }
}
