package dev.skipjack.loader.gguf;

import dev.skipjack.loader.tensor.TensorType;

/** The names of all of ggml's tensor type ids, for messages about the ones not supported. */
final class GgmlTypeNames {
  /** By id; an asterisk marks ids that ggml has removed. */
  private static final String[] NAMES = {
    "F32",
    "F16",
    "Q4_0",
    "Q4_1",
    "Q4_2*",
    "Q4_3*",
    "Q5_0",
    "Q5_1",
    "Q8_0",
    "Q8_1",
    "Q2_K",
    "Q3_K",
    "Q4_K",
    "Q5_K",
    "Q6_K",
    "Q8_K",
    "IQ2_XXS",
    "IQ2_XS",
    "IQ3_XXS",
    "IQ1_S",
    "IQ4_NL",
    "IQ3_S",
    "IQ2_S",
    "IQ4_XS",
    "I8",
    "I16",
    "I32",
    "I64",
    "F64",
    "IQ1_M",
    "BF16",
    "Q4_0_4_4*",
    "Q4_0_4_8*",
    "Q4_0_8_8*",
    "TQ1_0",
    "TQ2_0",
    "IQ4_NL_4_4*",
    "IQ4_NL_4_8*",
    "IQ4_NL_8_8*",
    "MXFP4",
    "NVFP4",
    "Q1_0",
    "Q2_0",
  };

  /** BitNet's own runtime writes its 2-bit weights under an id that ggml used for another type. */
  private static final int BITNET_ID = 36;

  private GgmlTypeNames() {}

  /** For example {@code IQ1_S (id 19)}. */
  static String describe(int id) {
    if (id < 0 || id >= NAMES.length) {
      return "the unknown id " + Integer.toUnsignedString(id);
    }
    if (id == BITNET_ID) {
      return "I2_S (id 36, private to BitNet's own runtime; convert the original model instead)";
    }
    boolean removed = NAMES[id].endsWith("*");
    return removed
        ? "%s (id %d, no longer in GGUF; quantise the original model again)"
            .formatted(NAMES[id].substring(0, NAMES[id].length() - 1), id)
        : "%s (id %d)".formatted(NAMES[id], id);
  }

  /** Whether the table agrees with a supported type about its name. */
  static boolean knows(TensorType type) {
    return type.id() < NAMES.length && NAMES[type.id()].equals(type.name());
  }
}
