package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.TensorType.Kind.BLOCKS;
import static dev.skipjack.loader.tensor.TensorType.Kind.FLOAT;
import static dev.skipjack.loader.tensor.TensorType.Kind.INTEGER;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.util.Optional;

/**
 * The tensor types this runtime computes with, by GGUF type id. Adding one is a {@link BlockCodec}
 * and a line here; without a kernel of its own a type runs through its codec.
 *
 * <p>Block layouts: ggml's {@code ggml-common.h} and {@code docs/gguf.md}.
 */
public enum TensorType {
  F32(0, FLOAT, new Float32Codec()),
  F16(1, FLOAT, new Float16Codec()),
  Q4_0(2, BLOCKS, new Q4_0Codec()),
  Q4_1(3, BLOCKS, new Q4_1Codec()),
  Q5_0(6, BLOCKS, new Q5_0Codec()),
  Q5_1(7, BLOCKS, new Q5_1Codec()),
  Q8_0(8, BLOCKS, new Q8_0Codec()),
  Q2_K(10, BLOCKS, new Q2_KCodec()),
  Q3_K(11, BLOCKS, new Q3_KCodec()),
  Q4_K(12, BLOCKS, new Q4_KCodec()),
  Q5_K(13, BLOCKS, new Q5_KCodec()),
  Q6_K(14, BLOCKS, new Q6_KCodec()),
  IQ4_NL(20, BLOCKS, new IQ4_NLCodec()),
  IQ4_XS(23, BLOCKS, new IQ4_XSCodec()),
  I8(24, INTEGER, new ScalarCodec(1, (source, at) -> source.get(JAVA_BYTE, at))),
  I16(25, INTEGER, new ScalarCodec(2, (source, at) -> source.get(LittleEndian.SHORT, at))),
  I32(26, INTEGER, new ScalarCodec(4, (source, at) -> source.get(LittleEndian.INT, at))),
  I64(27, INTEGER, new ScalarCodec(8, (source, at) -> source.get(LittleEndian.LONG, at))),
  F64(28, FLOAT, new ScalarCodec(8, (source, at) -> (float) source.get(LittleEndian.DOUBLE, at))),
  BF16(30, FLOAT, new BFloat16Codec()),
  TQ1_0(34, BLOCKS, new TQ1_0Codec()),
  TQ2_0(35, BLOCKS, new TQ2_0Codec()),
  MXFP4(39, BLOCKS, new MXFP4Codec()),
  NVFP4(40, BLOCKS, new NVFP4Codec()),
  Q1_0(41, BLOCKS, new Q1_0Codec()),
  Q2_0(42, BLOCKS, new Q2_0Codec()),
  F8_E4M3(FLOAT, Float8Codec.e4m3()),
  F8_E5M2(FLOAT, Float8Codec.e5m2());

  /** How values are stored. */
  enum Kind {
    FLOAT,
    INTEGER,
    BLOCKS
  }

  private static final int NO_GGUF_ID = -1;

  private final int id;
  private final Kind kind;
  private final int blockLength;
  private final int blockBytes;
  private final BlockCodec codec;

  TensorType(int id, Kind kind, BlockCodec codec) {
    this.id = id;
    this.kind = kind;
    this.blockLength = codec.blockLength();
    this.blockBytes = codec.blockBytes();
    this.codec = codec;
  }

  /** A type of safetensors files only. */
  TensorType(Kind kind, BlockCodec codec) {
    this(NO_GGUF_ID, kind, codec);
  }

  /** The id in a GGUF tensor table, or -1 for a type that GGUF does not have. */
  public int id() {
    return id;
  }

  /** Whether a GGUF file can hold tensors of this type. */
  public boolean isGguf() {
    return id != NO_GGUF_ID;
  }

  /** Values per block. */
  public int blockLength() {
    return blockLength;
  }

  /** Bytes per block. */
  public int blockBytes() {
    return blockBytes;
  }

  public BlockCodec codec() {
    return codec;
  }

  /** Whether values are stored as plain floating point, without shared scales. */
  public boolean isFloat() {
    return kind == FLOAT;
  }

  /**
   * Bytes of {@code count} values.
   *
   * @throws IllegalArgumentException if {@code count} is not a whole number of blocks
   * @throws ArithmeticException on overflow
   */
  public long byteSize(long count) {
    if (count < 0 || count % blockLength != 0) {
      throw new IllegalArgumentException(
          "%s holds blocks of %d values, not %d values".formatted(this, blockLength, count));
    }
    return Math.multiplyExact(count / blockLength, (long) blockBytes);
  }

  /** The type with this GGUF id; types without one are never found. */
  public static Optional<TensorType> byId(int id) {
    for (TensorType type : values()) {
      if (type.isGguf() && type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
