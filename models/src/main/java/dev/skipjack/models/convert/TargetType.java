package dev.skipjack.models.convert;

import dev.skipjack.loader.tensor.TensorType;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a user can ask a conversion for. The numbers are those of {@code general.file_type}. */
public enum TargetType {
  F32(TensorType.F32, 0),
  F16(TensorType.F16, 1),
  BF16(TensorType.BF16, 32),
  Q8_0(TensorType.Q8_0, 7),
  Q4_0(TensorType.Q4_0, 2),
  Q4_1(TensorType.Q4_1, 3),
  Q5_0(TensorType.Q5_0, 8),
  Q5_1(TensorType.Q5_1, 9),
  Q4_K(TensorType.Q4_K, 15, 14),
  Q6_K(TensorType.Q6_K, 18);

  private final TensorType tensorType;
  private final int mixedFileType;
  private final int pureFileType;

  TargetType(TensorType tensorType, int fileType) {
    this(tensorType, fileType, fileType);
  }

  /**
   * @param mixedFileType of the usual mix, for Q4_K the "medium" one
   * @param pureFileType without a mix, for Q4_K the "small" one
   */
  TargetType(TensorType tensorType, int mixedFileType, int pureFileType) {
    this.tensorType = tensorType;
    this.mixedFileType = mixedFileType;
    this.pureFileType = pureFileType;
  }

  /**
   * The type with this name, in any case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static TargetType parse(String name) {
    return Arrays.stream(values())
        .filter(type -> type.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "type: found %s, expected one of %s".formatted(name, names())));
  }

  /** All names, for messages. */
  private static String names() {
    return Arrays.stream(values()).map(TargetType::spelling).collect(Collectors.joining(", "));
  }

  /** The name as users write it. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type that most tensors get. */
  public TensorType tensorType() {
    return tensorType;
  }

  int fileType(boolean pure) {
    return pure ? pureFileType : mixedFileType;
  }
}
