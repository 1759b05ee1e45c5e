package dev.skipjack.kernels.tornado.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What installations that are not whole throw, as seen with TornadoVM 5.2. */
class StartFailureTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            initialisation(new IllegalStateException("No OpenCL platforms found")),
            "found no OpenCL platform; install"),
        Arguments.of(
            initialisation(new IllegalStateException("OpenCL JNI Library not found")),
            "found no native library"),
        Arguments.of(new InternalError("JVMCI is not enabled"), "without -XX:+EnableJVMCI"),
        Arguments.of(
            initialisation(new IllegalStateException("Did you remember to add @tornado-argfile?")),
            "argument file"),
        Arguments.of(initialisation(new NullPointerException()), "argument file"),
        Arguments.of(new UnsupportedClassVersionError("65.65535"), "built for another JDK"),
        Arguments.of(new NoClassDefFoundError("uk/ac/x"), "found no TornadoVM API"),
        Arguments.of(
            new IllegalStateException("\u001b[31mfirst\u001b[0m\nline", new Error("cause")),
            "did not start: first line: cause"));
  }

  private static Throwable initialisation(Throwable cause) {
    return new ExceptionInInitializerError(cause);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void saysWhatIsWrongInOneLine(Throwable failure, String explanation) {
    assertThat(StartFailure.explain(failure))
        .startsWith("TornadoVM")
        .contains(explanation)
        .doesNotContain("\n", "\u001b");
  }
}
