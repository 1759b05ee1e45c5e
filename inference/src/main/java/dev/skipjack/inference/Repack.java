package dev.skipjack.inference;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Whether weights are copied into a layout that multiplies faster. */
public enum Repack {
  /**
   * Where it pays: models of 64 MiB and more, whose weights no cache holds, up to seven tenths of
   * this machine's memory or of the limit set for the process. Copies of larger ones would not stay
   * in memory, whereas the pages of a mapping come and go.
   */
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
      case AUTO -> {
        long bytes = bytes(file);
        yield bytes >= WORTHWHILE && fits(bytes, MemoryLimit.bytes());
      }
    };
  }

  /**
   * Whether a model is read from its mapping and does not stay in memory as a whole, so that its
   * weights are read from the disk again and again. Small ones stay in any memory a JVM can run in,
   * and are not held up by asking how much there is.
   */
  boolean leavesOnDisk(ModelFile file) {
    long bytes = bytes(file);
    return bytes >= WORTHWHILE && !applies(file) && !stays(bytes, MemoryLimit.bytes());
  }

  /** Whether copies stay in memory, beside whatever else is there. */
  static boolean fits(long bytes, long memory) {
    return bytes <= memory / 10 * 7;
  }

  /** Whether a mapping does, of which every page may be there. */
  static boolean stays(long bytes, long memory) {
    return bytes <= memory / 10 * 9;
  }

  private static long bytes(ModelFile file) {
    return file.tensors().values().stream().mapToLong(Tensor::byteSize).sum();
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
