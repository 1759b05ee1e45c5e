package dev.skipjack.models.chat;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.container.SideFiles;
import dev.skipjack.models.chat.ChatTemplate.SpecialText;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads chat templates from a Hugging Face directory: {@code tokenizer_config.json}, where {@code
 * chat_template} is a string or a list of named templates, over which the files {@code
 * chat_template.jinja} and {@code additional_chat_templates/NAME.jinja} take precedence.
 */
final class TemplateDirectory {
  private static final String SUFFIX = ".jinja";

  private final JsonMapper json = new JsonMapper();
  private final Path directory;

  TemplateDirectory(Path directory) {
    this.directory = directory;
  }

  ChatTemplates read() {
    Map<String, String> sources = new TreeMap<>();
    Optional<JsonNode> config = config();
    config.map(node -> node.get("chat_template")).ifPresent(node -> addConfigured(node, sources));
    Path additional = directory.resolve("additional_chat_templates");
    if (Files.isDirectory(additional)) {
      addFiles(additional, sources);
    }
    Path single = directory.resolve("chat_template" + SUFFIX);
    if (Files.isRegularFile(single)) {
      sources.put(ChatTemplates.DEFAULT, SideFiles.text(single));
    }
    return new ChatTemplates(
        sources, new SpecialText(token(config, "bos_token"), token(config, "eos_token")));
  }

  private Path configFile() {
    return directory.resolve("tokenizer_config.json");
  }

  private Optional<JsonNode> config() {
    if (!Files.isRegularFile(configFile())) {
      return Optional.empty();
    }
    try {
      return Optional.of(json.readTree(SideFiles.text(configFile())));
    } catch (JacksonException e) {
      throw new ModelFormatException(configFile() + ": not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private void addConfigured(JsonNode node, Map<String, String> sources) {
    if (node.isString()) {
      sources.put(ChatTemplates.DEFAULT, node.asString());
    } else if (node.isArray()) {
      for (JsonNode named : node) {
        sources.put(member(named, "name"), member(named, "template"));
      }
    } else if (!node.isNull()) {
      throw mismatch("chat_template", node, "a string or a list of named templates");
    }
  }

  private String member(JsonNode named, String key) {
    JsonNode value = named.path(key);
    if (!value.isString()) {
      throw mismatch("chat_template[]." + key, value, "a string");
    }
    return value.asString();
  }

  /** A special token is written as a string or as an object with its content. */
  private String token(Optional<JsonNode> config, String key) {
    JsonNode node = config.map(all -> all.path(key)).orElseGet(json::missingNode);
    JsonNode content = node.isObject() ? node.path("content") : node;
    if (content.isMissingNode() || content.isNull()) {
      return "";
    }
    if (!content.isString()) {
      throw mismatch(key, content, "a string or an object with a content");
    }
    return content.asString();
  }

  private ModelFormatException mismatch(String where, JsonNode found, String expected) {
    return new ModelFormatException(
        configFile().toString(),
        where,
        found.getNodeType().name().toLowerCase(Locale.ROOT),
        expected);
  }

  private static void addFiles(Path folder, Map<String, String> sources) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        sources.put(name.substring(0, name.length() - SUFFIX.length()), SideFiles.text(file));
      }
    } catch (IOException e) {
      throw ModelFormatException.unreadable(folder, e);
    }
  }
}
