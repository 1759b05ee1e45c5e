package dev.skipjack.models.tokenizer;

import dev.skipjack.models.tokenizer.pipeline.Fragment;
import dev.skipjack.models.tokenizer.pipeline.Pipeline;
import dev.skipjack.models.tokenizer.primitive.IntList;
import dev.skipjack.models.tokenizer.text.WellFormedText;
import java.util.OptionalInt;

/** A tokenizer made of the stages of a {@link Pipeline}. */
final class PipelineTokenizer implements Tokenizer {
  private final Pipeline pipeline;

  PipelineTokenizer(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  public int vocabularySize() {
    return pipeline.vocabulary().size();
  }

  @Override
  public int[] encode(String text, SpecialTokens special) {
    IntList ids = new IntList();
    if (special.add()) {
      pipeline.markers().prefix().ids().forEach(ids::add);
    }
    boolean start = true;
    String valid = WellFormedText.of(text);
    for (Fragment fragment : pipeline.rawSplitter().split(valid, special.parse())) {
      switch (fragment) {
        case Fragment.Token(int id) -> ids.add(id);
        case Fragment.Text(String raw) -> encodeRaw(raw, start, special.parse(), ids);
      }
      start = false;
    }
    if (special.add()) {
      pipeline.markers().suffix().ids().forEach(ids::add);
    }
    return ids.toArray();
  }

  private void encodeRaw(String raw, boolean atStart, boolean control, IntList ids) {
    String normalized = pipeline.normalizer().normalize(raw);
    boolean start = atStart;
    for (Fragment fragment : pipeline.normalizedSplitter().split(normalized, control)) {
      switch (fragment) {
        case Fragment.Token(int id) -> ids.add(id);
        case Fragment.Text(String text) ->
            pipeline
                .preTokenizer()
                .split(text, start, piece -> pipeline.model().encode(piece, ids));
      }
      start = false;
    }
  }

  @Override
  public TextDecoder newDecoder() {
    return new PipelineDecoder(pipeline.text());
  }

  @Override
  public String piece(int id) {
    return pipeline.vocabulary().piece(id);
  }

  @Override
  public OptionalInt id(String piece) {
    return pipeline.vocabulary().id(piece);
  }

  @Override
  public OptionalInt bos() {
    return pipeline.markers().bos();
  }

  @Override
  public OptionalInt eos() {
    return pipeline.markers().eos();
  }

  @Override
  public boolean endsGeneration(int id) {
    return pipeline.markers().endOfGeneration().contains(id);
  }

  @Override
  public String kind() {
    return pipeline.kind();
  }
}
