package dev.skipjack.inference;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Whether weights are copied into a layout that multiplies faster. */
public enum Repack {
  /** Where it pays: models of 64 MiB and more, whose weights no cache holds. */
  AUTO,
  /** Every matrix that has a faster layout. */
  ON,
  /** Weights are read from the file as they are, one token with float inputs like many. */
  OFF;

  private static final long WORTHWHILE = 64L << 20;

  /**
   * @throws IllegalArgumentException if the text names none
   */
  public static Repack parse(String text) {
    return Arrays.stream(values())
        .filter(value -> value.label().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "repack \"%s\" is unknown; known are %s"
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(Repack::label)
                                .collect(Collectors.joining(", ")))));
  }

  /** Whether a model's weights are repacked. */
  boolean applies(ModelFile file) {
    return switch (this) {
      case ON -> true;
      case OFF -> false;
      case AUTO -> file.tensors().values().stream().mapToLong(Repack::bytes).sum() >= WORTHWHILE;
    };
  }

  private static long bytes(Tensor tensor) {
    return tensor.data().byteSize();
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
