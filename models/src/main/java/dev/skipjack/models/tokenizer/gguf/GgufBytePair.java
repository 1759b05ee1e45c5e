package dev.skipjack.models.tokenizer.gguf;

import dev.skipjack.models.tokenizer.pipeline.FragmentSplitter;
import dev.skipjack.models.tokenizer.pipeline.Markers;
import dev.skipjack.models.tokenizer.pipeline.Pipeline;
import dev.skipjack.models.tokenizer.subword.ByteFallback;
import dev.skipjack.models.tokenizer.subword.ByteLevelBpe;
import dev.skipjack.models.tokenizer.subword.CharacterBpe;
import dev.skipjack.models.tokenizer.subword.MergeRules;
import dev.skipjack.models.tokenizer.text.ByteLevelText;
import dev.skipjack.models.tokenizer.text.SpaceMarker;
import dev.skipjack.models.tokenizer.text.SpacedText;
import dev.skipjack.models.tokenizer.vocabulary.TokenKind;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.lang.System.Logger.Level;
import java.util.List;

/** BPE vocabularies: {@code tokenizer.ggml.model} is {@code gpt2} or {@code gemma4}. */
final class GgufBytePair {
  private static final System.Logger LOG = System.getLogger(GgufBytePair.class.getName());

  /** Where the first GGUF files of this kind had their end token. */
  private static final int CUSTOMARY_END = 11;

  private GgufBytePair() {}

  /** Byte-level BPE; {@code tokenizer.ggml.pre} names the way words are cut. */
  static Pipeline readByteLevel(GgufTokenData data) {
    Vocabulary vocabulary = data.vocabulary();
    String name = flavorName(data);
    BytePairFlavor flavor =
        BytePairFlavor.named(name)
            .orElseThrow(
                () ->
                    data.failure(
                        "pre",
                        "\"" + name + "\"",
                        "one of "
                            + BytePairFlavor.allNames()
                            + "; a directory with the model's tokenizer.json says how it cuts"
                            + " words"));
    if (name.equals("gemma4")) {
      return readSpaced(data);
    }
    return new Pipeline(
        "BPE (" + name + ")",
        vocabulary,
        data.splitter(),
        flavor.normalizer(),
        FragmentSplitter.NONE,
        flavor.preTokenizer(),
        new ByteLevelBpe(vocabulary, merges(data), flavor.ignoreMerges()),
        new ByteLevelText(vocabulary),
        markers(data, flavor.addBos()));
  }

  /** BPE over characters with U+2581 for spaces and byte tokens for what is left. */
  static Pipeline readSpaced(GgufTokenData data) {
    Vocabulary vocabulary = data.vocabulary();
    ByteFallback fallback =
        new ByteFallback(vocabulary, true, data.tokenId("unknown_token_id"), false);
    return new Pipeline(
        "BPE (gemma4)",
        vocabulary,
        data.splitter(),
        SpaceMarker::mark,
        FragmentSplitter.NONE,
        BytePairFlavor.named("gemma4").orElseThrow().preTokenizer(),
        new CharacterBpe(vocabulary, merges(data), CharacterBpe.WordMarks.NONE, false, fallback),
        new SpacedText(vocabulary, false),
        markers(data, true));
  }

  private static String flavorName(GgufTokenData data) {
    return data.text("pre")
        .orElseGet(
            () -> {
              LOG.log(
                  Level.WARNING,
                  "{0}: key tokenizer.ggml.pre is missing: cutting words the default way, which may"
                      + " differ from the model''s training; convert the model again",
                  data.source());
              return BytePairFlavor.DEFAULT;
            });
  }

  private static MergeRules merges(GgufTokenData data) {
    MergeRules rules = new MergeRules(data.vocabulary(), "");
    List<String> merges = data.merges();
    for (int rank = 0; rank < merges.size(); rank++) {
      String merge = merges.get(rank);
      int blank = merge.indexOf(' ', 1);
      if (blank < 0 || blank == merge.length() - 1) {
        throw data.failure(
            "merges", "\"" + merge + "\" at " + rank, "two tokens separated by a blank");
      }
      try {
        rules.add(merge.substring(0, blank), merge.substring(blank + 1));
      } catch (IllegalArgumentException e) {
        throw data.failure("merges", e.getMessage(), "merges of tokens");
      }
    }
    return rules;
  }

  private static Markers markers(GgufTokenData data, boolean addBos) {
    return GgufMarkers.read(
        data,
        data.tokenId("bos_token_id", CUSTOMARY_END, TokenKind.CONTROL),
        data.tokenId("eos_token_id", CUSTOMARY_END, TokenKind.CONTROL),
        new GgufMarkers.Defaults(addBos, false));
  }
}
