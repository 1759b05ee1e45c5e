package dev.skipjack.loader.safetensors;

import dev.skipjack.loader.tensor.TensorType;
import java.util.Optional;

/** The element types of the format, under their names in the header. */
public enum SafetensorsType {
  BOOL(8),
  U8(8),
  I8(8),
  I16(16),
  U16(16),
  I32(32),
  U32(32),
  I64(64),
  U64(64),
  F4(4),
  F6_E2M3(6),
  F6_E3M2(6),
  F8_E4M3(8, TensorType.BF16),
  F8_E5M2(8, TensorType.BF16),
  F8_E8M0(8),
  F8_E4M3FNUZ(8),
  F8_E5M2FNUZ(8),
  F16(16, TensorType.F16),
  BF16(16, TensorType.BF16),
  F32(32, TensorType.F32),
  F64(64, TensorType.F32),
  C64(64);

  private final int bits;
  private final Optional<TensorType> loadedAs;

  SafetensorsType(int bits) {
    this.bits = bits;
    this.loadedAs = Optional.empty();
  }

  SafetensorsType(int bits, TensorType loadedAs) {
    this.bits = bits;
    this.loadedAs = Optional.of(loadedAs);
  }

  /** Bits per element. */
  public int bits() {
    return bits;
  }

  /**
   * The type a tensor has after loading; empty for types that are listed but not loaded. Eight-bit
   * floats widen to BF16 without loss, F64 narrows to F32, the others stay as they are.
   */
  public Optional<TensorType> loadedAs() {
    return loadedAs;
  }

  /** Whether the bytes in the file are used as they are. */
  boolean isDirect() {
    return loadedAs.filter(type -> type.blockBytes() * 8 == bits).isPresent();
  }
}
