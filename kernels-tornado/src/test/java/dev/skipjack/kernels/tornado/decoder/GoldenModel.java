package dev.skipjack.kernels.tornado.decoder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tiny random model with logits and a greedy continuation from an independent implementation.
 *
 * @param logits {@code [prompt.length x vocabulary]}
 */
public record GoldenModel(Path path, int[] prompt, int[] greedy, float[] logits) {
  private static final String FIXTURES = "/dev/skipjack/inference/fixtures/";

  public static GoldenModel of(String name) {
    String goldens = name + (name.startsWith("hf/") ? "/" : ".");
    try {
      JsonNode golden = new JsonMapper().readTree(Files.readString(path(goldens + "golden.json")));
      return new GoldenModel(
          path(name.startsWith("hf/") ? name : name + ".gguf"),
          ints(golden.get("prompt")),
          ints(golden.get("greedy")),
          floats(Files.readAllBytes(path(goldens + "logits.f32"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path(String name) {
    try {
      return Path.of(GoldenModel.class.getResource(FIXTURES + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  float largestLogit() {
    float largest = 0;
    for (float logit : logits) {
      largest = Math.max(largest, Math.abs(logit));
    }
    return largest;
  }
}
