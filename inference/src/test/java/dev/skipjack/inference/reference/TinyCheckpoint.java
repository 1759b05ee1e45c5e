package dev.skipjack.inference.reference;

import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** A model of a few thousand random weights, as numbers for the reference and as a GGUF file. */
final class TinyCheckpoint {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String architecture;
  private final SplittableRandom random;
  private final GgufWriter file = new GgufWriter();
  private final Map<String, double[][]> matrices = new LinkedHashMap<>();
  private boolean powerInfer;

  TinyCheckpoint(String architecture, long seed) {
    this.architecture = architecture;
    this.random = new SplittableRandom(seed);
    file.put("general.architecture", GgufValue.string(architecture));
  }

  /** A key with the architecture's prefix. */
  TinyCheckpoint put(String suffix, GgufValue value) {
    file.put(architecture + "." + suffix, value);
    return this;
  }

  TinyCheckpoint put(String suffix, long value) {
    return put(suffix, GgufValue.u32(value));
  }

  TinyCheckpoint put(String suffix, float value) {
    return put(suffix, GgufValue.f32(value));
  }

  /** {@code [rows x cols]} of values whose products keep the size of their input. */
  TinyCheckpoint matrix(String name, int rows, int cols) {
    return add(name, new long[] {rows, cols}, random(rows, cols, 0, 1.7 / Math.sqrt(cols)));
  }

  /** {@code stack} matrices in one tensor; the reference knows it as one matrix of all rows. */
  TinyCheckpoint stack(String name, int stack, int rows, int cols) {
    double[][] values = random(stack * rows, cols, 0, 1.7 / Math.sqrt(cols));
    return add(name, new long[] {stack, rows, cols}, values);
  }

  /** A key without prefix. */
  TinyCheckpoint global(String key, GgufValue value) {
    file.put(key, value);
    return this;
  }

  /** {@code [values.length]}. */
  TinyCheckpoint vector(String name, double... values) {
    return add(name, new long[] {values.length}, new double[][] {values});
  }

  /** The bias of a norm. */
  TinyCheckpoint bias(String name, int size) {
    return add(name, new long[] {size}, random(1, size, 0, 0.3));
  }

  /** Makes the file one of PowerInfer's. */
  TinyCheckpoint powerInfer() {
    powerInfer = true;
    return this;
  }

  /** The weight of a norm. */
  TinyCheckpoint norm(String name, int size) {
    return add(name, new long[] {size}, random(1, size, 1, 0.3));
  }

  /** The values of a tensor {@code [rows x cols]}; a vector is one row. */
  double[][] get(String name) {
    return matrices.get(name);
  }

  Path write(Path target) {
    try {
      file.write(target);
      if (powerInfer) {
        try (RandomAccessFile written = new RandomAccessFile(target.toFile(), "rw")) {
          written.write("PWRI".getBytes(StandardCharsets.US_ASCII));
        }
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double[][] random(int rows, int cols, double centre, double spread) {
    double[][] values = new double[rows][cols];
    for (double[] row : values) {
      // Rounded to what the file can hold.
      Arrays.setAll(row, i -> (float) (centre + spread * random.nextDouble(-1, 1)));
    }
    return values;
  }

  private TinyCheckpoint add(String name, long[] shape, double[][] values) {
    int cols = values[0].length;
    MemorySegment bytes = MemorySegment.ofArray(new byte[values.length * cols * Float.BYTES]);
    for (int r = 0; r < values.length; r++) {
      for (int c = 0; c < cols; c++) {
        bytes.set(FLOAT, ((long) r * cols + c) * Float.BYTES, (float) values[r][c]);
      }
    }
    matrices.put(name, values);
    file.tensor(name, TensorType.F32, shape, sink -> sink.write(bytes));
    return this;
  }
}
