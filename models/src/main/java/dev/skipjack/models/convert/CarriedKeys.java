package dev.skipjack.models.convert;

import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.gguf.GgufValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** The metadata of a GGUF file as another one carries it on. */
public final class CarriedKeys {
  private CarriedKeys() {}

  /**
   * As stored, but the copy is never split, and its magic does not say PowerInfer.
   *
   * @return in the order of the file; the caller's to change
   */
  public static Map<String, GgufValue> of(GgufFile file) {
    Map<String, GgufValue> keys = new LinkedHashMap<>(file.values());
    keys.keySet().removeIf(key -> key.startsWith("split."));
    if (file.metadata().bool(GgufFile.POWERINFER_KEY).orElse(false)) {
      keys.put(GgufFile.POWERINFER_KEY, GgufValue.bool(true));
    }
    return keys;
  }
}
