package dev.skipjack.models.convert.tokenizer;

import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.models.chat.ChatTemplates;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The chat templates of a directory as {@code tokenizer.chat_template} keys. */
final class TemplateKeys {
  private static final String KEY = "tokenizer.chat_template";

  private TemplateKeys() {}

  static void write(Path directory, Map<String, GgufValue> keys) {
    Map<String, String> templates = new TreeMap<>(ChatTemplates.find(directory).sources());
    String standard = templates.remove(ChatTemplates.DEFAULT);
    if (standard != null) {
      keys.put(KEY, GgufValue.string(standard));
    }
    if (!templates.isEmpty()) {
      keys.put(KEY + "s", GgufValue.strings(templates.keySet().toArray(String[]::new)));
      templates.forEach((name, text) -> keys.put(KEY + "." + name, GgufValue.string(text)));
    }
  }
}
