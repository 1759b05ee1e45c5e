package dev.skipjack.inference;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A tiny random model with logits and a greedy continuation from an independent implementation
 * (Hugging Face transformers in float32). See the README beside the files.
 *
 * @param logits {@code [prompt.length x vocabulary]}
 * @param smallestGap between the best and the second logit on the greedy path
 */
record Fixture(
    String name, Path model, int[] prompt, int[] greedy, float[] logits, double smallestGap) {
  /** A GGUF file with its goldens beside it, or a Hugging Face directory with them inside. */
  static Fixture load(String name) {
    boolean directory = name.startsWith("hf/");
    String goldens = name + (directory ? "/" : ".");
    JsonNode golden = json(goldens + "golden.json");
    return new Fixture(
        name,
        path(directory ? name : name + ".gguf"),
        ints(golden.get("prompt")),
        ints(golden.get("greedy")),
        floats(path(goldens + "logits.f32")),
        golden.get("min_top2_gap").asDouble());
  }

  static Path path(String name) {
    try {
      return Path.of(Fixture.class.getResource("fixtures/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(String name) {
    try (InputStream stream = Files.newInputStream(path(name))) {
      return new ObjectMapper().readTree(stream);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }

  static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.get(i).asDouble();
    }
    return values;
  }

  static float[] floats(Path file) {
    try {
      var buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      float[] values = new float[buffer.remaining() / Float.BYTES];
      buffer.asFloatBuffer().get(values);
      return values;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  float largestLogit() {
    float largest = 0;
    for (float logit : logits) {
      largest = Math.max(largest, Math.abs(logit));
    }
    return largest;
  }

  @Override
  public String toString() {
    return name;
  }
}
