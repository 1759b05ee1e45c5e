package dev.skipjack.models.huggingface;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a configuration becomes: metadata keys, and the small vectors that a GGUF converter would
 * have computed from it. Filled by {@link KeyRule}s, later ones overriding earlier ones; not
 * thread-safe.
 */
final class ModelKeys {
  private final String architecture;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, float[]> vectors = new LinkedHashMap<>();

  ModelKeys(String architecture) {
    this.architecture = architecture;
    values.put("general.architecture", architecture);
  }

  /** Sets a key under the architecture's prefix. */
  void put(String suffix, long value) {
    values.put(architecture + "." + suffix, value);
  }

  void put(String suffix, double value) {
    values.put(architecture + "." + suffix, value);
  }

  void put(String suffix, String value) {
    values.put(architecture + "." + suffix, value);
  }

  /** One flag per layer. */
  void put(String suffix, boolean[] value) {
    values.put(architecture + "." + suffix, value);
  }

  /**
   * Sets a key without prefix.
   *
   * @param value of a type that {@link dev.skipjack.loader.container.Metadata} holds
   */
  void putGlobal(String key, Object value) {
    values.put(key, value);
  }

  /** Adds a one-dimensional F32 tensor. */
  void vector(String name, float[] vector) {
    vectors.put(name, vector);
  }

  Map<String, Object> values() {
    return values;
  }

  Map<String, float[]> vectors() {
    return vectors;
  }
}
