package dev.skipjack.kernels.tornado.runtime;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what is wrong with an installation of TornadoVM, and how to put it right. */
final class StartFailure {
  private record Known(Predicate<Throwable> sign, String explanation) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known(
              text("No OpenCL platforms found"),
              "found no OpenCL platform; install the driver of your GPU, or PoCL for the processor"
                  + " (Debian: apt-get install pocl-opencl-icd ocl-icd-libopencl1)"),
          new Known(
              text("JNI Library not found"),
              "found no native library of the back end; point TORNADOVM_HOME at a complete SDK"
                  + " whose lib folder holds it"),
          new Known(
              text("JVMCI is not enabled"),
              "the JVM was started without -XX:+EnableJVMCI; start through the launcher skipjack"),
          new Known(
              text("Did you remember to add"),
              "the JVM was started without the SDK's argument file; start through the launcher"
                  + " skipjack"),
          new Known(
              e -> e instanceof UnsupportedClassVersionError,
              "the SDK was built for another JDK; install the TornadoVM SDK for JDK "
                  + Runtime.version().feature()),
          new Known(
              e -> e instanceof NoClassDefFoundError,
              "found no TornadoVM API; point TORNADOVM_HOME at the SDK and start through the"
                  + " launcher skipjack"),
          new Known(
              e -> e instanceof NullPointerException,
              "the JVM was started without the SDK's argument file; start through the launcher"
                  + " skipjack"));

  private StartFailure() {}

  private static Predicate<Throwable> text(String part) {
    return e -> e.getMessage() != null && e.getMessage().contains(part);
  }

  /** One sentence about a failure to start. */
  static String explain(Throwable failure) {
    return KNOWN.stream()
        .filter(known -> causes(failure).anyMatch(known.sign))
        .findFirst()
        .map(known -> "TornadoVM: " + known.explanation)
        .orElseGet(() -> "TornadoVM did not start: " + messages(failure));
  }

  /** What a failure and its causes say, in one line. */
  static String messages(Throwable failure) {
    Optional<String> text =
        causes(failure)
            .map(Throwable::getMessage)
            .filter(Objects::nonNull)
            .map(
                message -> message.strip().replaceAll("\\e\\[[0-9;]*m", "").replaceAll("\\s+", " "))
            .filter(message -> !message.isEmpty())
            .distinct()
            .collect(Collectors.collectingAndThen(Collectors.toList(), StartFailure::joined));
    return text.orElseGet(failure::toString);
  }

  private static Optional<String> joined(List<String> messages) {
    return messages.isEmpty() ? Optional.empty() : Optional.of(String.join(": ", messages));
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }
}
