package dev.skipjack.bench.synthetic;

import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A matrix {@code [rows x cols]} whose row j picks column j: the first layer of a predictor.
 *
 * @param gain what row 0 multiplies by; the others by 1
 */
record OneHotRows(TensorType type, int rows, int cols, float gain)
    implements GgufWriter.TensorData {
  @Override
  public void writeTo(GgufWriter.Sink sink) throws IOException {
    MemorySegment row = MemorySegment.ofArray(new byte[Math.toIntExact(type.byteSize(cols))]);
    float[] values = new float[cols];
    for (int j = 0; j < rows; j++) {
      values[j] = j == 0 ? gain : 1;
      type.codec().encode(values, 0, cols, row, 0);
      sink.write(row);
      values[j] = 0;
    }
  }

  /** The first piece of row 0: all that a gain changes. */
  static byte[] firstPiece(TensorType type, float gain) {
    float[] values = new float[BlockPool.pieceLength(type)];
    values[0] = gain;
    byte[] piece = new byte[Math.toIntExact(type.byteSize(values.length))];
    type.codec().encode(values, 0, values.length, MemorySegment.ofArray(piece), 0);
    return piece;
  }
}
