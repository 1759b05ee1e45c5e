package dev.skipjack.models.tokenizer.huggingface;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.tokenizer.pipeline.Normalizer;
import dev.skipjack.models.tokenizer.pipeline.Pipeline;
import dev.skipjack.models.tokenizer.special.AddedTokenSplitter;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Builds the tokenizer that {@code tokenizer.json} and the files beside it describe. */
public final class HuggingFacePipelines {
  private HuggingFacePipelines() {}

  /**
   * @param directory holds {@code tokenizer.json}, perhaps {@code tokenizer_config.json}, {@code
   *     special_tokens_map.json}, {@code generation_config.json} and {@code config.json}
   * @throws ModelFormatException if a file cannot be read, contradicts itself or asks for a stage
   *     of an unknown type
   */
  public static Pipeline read(Path directory) {
    TokenizerFile tokenizer = TokenizerFile.read(directory.resolve("tokenizer.json"));
    TokenizerFile config = TokenizerFile.read(directory.resolve("tokenizer_config.json"));
    List<AddedToken> added = AddedToken.read(tokenizer, config);
    Vocabulary vocabulary = ModelVocabulary.read(tokenizer, added);
    JsonNode root = tokenizer.root();
    Normalizer normalizer = new NormalizerReader(tokenizer).read(root.path("normalizer"));
    boolean byteLevel =
        usesByteLevel(root.path("pre_tokenizer")) || usesByteLevel(root.path("normalizer"));
    return new Pipeline(
        ModelVocabulary.type(root.path("model")) + " (tokenizer.json)",
        vocabulary,
        splitter(added, false, Normalizer.NONE),
        normalizer,
        splitter(added, true, normalizer),
        new PreTokenizerReader(tokenizer).read(root.path("pre_tokenizer")),
        new ModelReader(tokenizer, vocabulary, byteLevel).read(root.path("model")),
        new DecoderReader(tokenizer, vocabulary).read(root.path("decoder")),
        new MarkersReader(tokenizer, config, directory, vocabulary).read(directory));
  }

  private static AddedTokenSplitter splitter(
      List<AddedToken> added, boolean normalized, Normalizer normalizer) {
    return new AddedTokenSplitter(
        added.stream()
            .filter(token -> token.normalized() == normalized)
            .map(token -> token.toSpecialToken(normalizer.normalize(token.content())))
            .toList());
  }

  private static boolean usesByteLevel(JsonNode stage) {
    if (stage.path("type").asString("").equals("ByteLevel")) {
      return true;
    }
    for (String children : List.of("pretokenizers", "normalizers")) {
      for (JsonNode child : stage.path(children)) {
        if (usesByteLevel(child)) {
          return true;
        }
      }
    }
    return false;
  }
}
