package dev.skipjack.models.convert.tokenizer;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.gguf.GgufValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Chat templates: {@code chat_template.jinja}, or those of {@code tokenizer_config.json}. */
final class ChatTemplates {
  private static final String KEY = "tokenizer.chat_template";
  private static final String DEFAULT = "default";

  private ChatTemplates() {}

  static void write(Path directory, JsonNode config, Map<String, GgufValue> keys) {
    Map<String, String> templates = new LinkedHashMap<>();
    JsonNode stated = config.path("chat_template");
    if (stated.isString()) {
      templates.put(DEFAULT, stated.stringValue());
    }
    for (JsonNode entry : stated) {
      templates.put(JsonFile.text(entry.path("name")), JsonFile.text(entry.path("template")));
    }
    Path file = directory.resolve("chat_template.jinja");
    if (Files.exists(file)) {
      templates.put(DEFAULT, text(file));
    }
    String standard = templates.remove(DEFAULT);
    if (standard != null) {
      keys.put(KEY, GgufValue.string(standard));
    }
    if (!templates.isEmpty()) {
      keys.put(KEY + "s", GgufValue.strings(templates.keySet().toArray(String[]::new)));
      templates.forEach((name, text) -> keys.put(KEY + "." + name, GgufValue.string(text)));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw ModelFormatException.unreadable(file, e);
    }
  }
}
