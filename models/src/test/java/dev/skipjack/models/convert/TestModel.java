package dev.skipjack.models.convert;

import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;

/** Writes GGUF files with random F32 tensors; their keys describe no model that could run. */
final class TestModel {
  private final GgufWriter writer = new GgufWriter();
  private final Random random = new Random(42);

  TestModel() {
    writer.put("general.architecture", GgufValue.string("imaginary"));
  }

  TestModel key(String key, GgufValue value) {
    writer.put(key, value);
    return this;
  }

  TestModel tensor(String name, long... shape) {
    int count = 1;
    for (long dimension : shape) {
      count *= (int) dimension;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return tensor(name, values, shape);
  }

  TestModel tensor(String name, float[] values, long... shape) {
    writer.tensor(
        name,
        TensorType.F32,
        shape,
        sink -> {
          MemorySegment bytes = MemorySegment.ofArray(new byte[values.length * Float.BYTES]);
          TensorType.F32.codec().encode(values, 0, values.length, bytes, 0);
          sink.write(bytes);
        });
    return this;
  }

  Path write(Path file) throws IOException {
    writer.write(file);
    return file;
  }
}
