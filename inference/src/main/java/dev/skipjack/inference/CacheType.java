package dev.skipjack.inference;

import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.Locale;

/** How a session stores keys and values. */
public enum CacheType {
  /** F32 for a model kept in F32, whose precision is meant to be seen; F16 for any other. */
  AUTO,
  F32,
  F16,
  Q8_0;

  /**
   * The type with this name in either case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static CacheType parse(String name) {
    for (CacheType type : values()) {
      if (type.name().equalsIgnoreCase(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "cache type: found %s, expected auto, f32, f16 or q8_0".formatted(name));
  }

  /** The type for a model. */
  public TensorType resolve(DecoderSpec spec) {
    return switch (this) {
      case F32 -> TensorType.F32;
      case F16 -> TensorType.F16;
      case Q8_0 -> TensorType.Q8_0;
      case AUTO ->
          spec.layers().getFirst().attention().output().weight().type() == TensorType.F32
              ? TensorType.F32
              : TensorType.F16;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
