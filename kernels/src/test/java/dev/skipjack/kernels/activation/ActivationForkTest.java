package dev.skipjack.kernels.activation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.kernels.math.VectorMath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What depends on how the JVM was started. */
class ActivationForkTest {
  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void everyVectorWidthAgreesWithTheFormulas(int bits) throws Exception {
    String output =
        run("--add-modules", "jdk.incubator.vector", "-Dskipjack.vector.bits=" + bits, "vector");
    assertThat(output).contains("species of %d bits: all agree".formatted(bits));
  }

  @Test
  void scalarActivationsNeedNoVectorModule() throws Exception {
    assertThat(run("scalar")).contains("without the vector module: all agree");
  }

  /** Runs {@link Main} in a JVM of its own; the last argument is Main's. */
  private static String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(arguments).subList(0, arguments.length - 1));
    command.addAll(List.of(Main.class.getName(), arguments[arguments.length - 1]));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  /** Checks all activations of one kind against their formulas. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) {
      boolean vector = args[0].equals("vector");
      float[] inputs = ActivationAccuracy.inputs(32);
      for (ActivationCase expected : ActivationCase.all()) {
        Activation activation =
            vector
                ? ActivationRegistry.vector(expected.name(), expected.parameters())
                : ActivationRegistry.scalar(expected.name(), expected.parameters());
        ActivationAccuracy.Worst worst = ActivationAccuracy.worst(expected, activation, inputs);
        if (!(worst.ratio() <= 1)) {
          throw new AssertionError(expected + ": " + worst);
        }
      }
      if (vector) {
        System.out.printf("species of %d bits: all agree%n", VectorMath.SPECIES.vectorBitSize());
      } else if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
        System.out.println("without the vector module: all agree");
      }
    }
  }
}
