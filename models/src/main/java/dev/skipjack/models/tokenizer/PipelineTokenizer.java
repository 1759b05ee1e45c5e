package dev.skipjack.models.tokenizer;

import dev.skipjack.models.tokenizer.pipeline.Fragment;
import dev.skipjack.models.tokenizer.pipeline.FragmentSplitter;
import dev.skipjack.models.tokenizer.pipeline.Pipeline;
import dev.skipjack.models.tokenizer.primitive.IntList;
import dev.skipjack.models.tokenizer.text.WellFormedText;
import java.util.List;
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
    encodeRaw(WellFormedText.of(text), true, special.parse(), ids);
    if (special.add()) {
      pipeline.markers().suffix().ids().forEach(ids::add);
    }
    return ids.toArray();
  }

  @Override
  public int[] encode(List<Part> parts) {
    IntList ids = new IntList();
    StringBuilder plain = new StringBuilder();
    for (Part part : parts) {
      String text = WellFormedText.of(part.text());
      if (part.parse()) {
        encodeControl(text, plain, ids);
      } else {
        plain.append(text);
      }
    }
    flush(plain, ids);
    return ids.toArray();
  }

  /** Encodes up to the last control token in a text and leaves the rest in {@code plain}. */
  private void encodeControl(String text, StringBuilder plain, IntList ids) {
    for (Fragment fragment : pipeline.rawSplitter().split(text, true)) {
      switch (fragment) {
        case Fragment.Token(int id) when isControl(id) -> {
          flush(plain, ids);
          ids.add(id);
        }
        // To be found again in the text that all parts make together.
        case Fragment.Token(int id) -> plain.append(piece(id));
        case Fragment.Text(String raw) when spellsControl(raw) -> {
          flush(plain, ids);
          encodeRaw(raw, ids.size() == 0, true, ids);
        }
        case Fragment.Text(String raw) -> plain.append(raw);
      }
    }
  }

  private void flush(StringBuilder plain, IntList ids) {
    encodeRaw(plain.toString(), ids.size() == 0, false, ids);
    plain.setLength(0);
  }

  private boolean isControl(int id) {
    List<Fragment> found = pipeline.rawSplitter().split(piece(id), false);
    return !found.equals(List.of(new Fragment.Token(id)));
  }

  /** Whether control tokens are found once the text is normalized, which is rare. */
  private boolean spellsControl(String raw) {
    String normalized = pipeline.normalizer().normalize(raw);
    FragmentSplitter splitter = pipeline.normalizedSplitter();
    return !splitter.split(normalized, true).equals(splitter.split(normalized, false));
  }

  /** Encodes text as it was given; {@code atStart} if nothing is before it. */
  private void encodeRaw(String raw, boolean atStart, boolean control, IntList ids) {
    boolean start = atStart;
    for (Fragment fragment : pipeline.rawSplitter().split(raw, control)) {
      switch (fragment) {
        case Fragment.Token(int id) -> ids.add(id);
        case Fragment.Text(String text) ->
            encodeNormalized(pipeline.normalizer().normalize(text), start, control, ids);
      }
      start = false;
    }
  }

  private void encodeNormalized(String normalized, boolean atStart, boolean control, IntList ids) {
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
