package dev.skipjack.models.tokenizer;

import dev.skipjack.loader.container.ModelFormatException;
import java.util.List;
import java.util.OptionalInt;

/**
 * Stands in where a model comes without a tokenizer: ids go in and out, text does not. Immutable.
 */
public final class AbsentTokenizer implements Tokenizer {
  private final String source;
  private final int vocabularySize;

  /**
   * @param source the model, for messages
   */
  public AbsentTokenizer(String source, int vocabularySize) {
    this.source = source;
    this.vocabularySize = vocabularySize;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  /**
   * Refuses.
   *
   * @throws ModelFormatException always
   */
  @Override
  public int[] encode(String text, SpecialTokens special) {
    throw refusal();
  }

  /**
   * Refuses.
   *
   * @throws ModelFormatException always
   */
  @Override
  public int[] encode(List<Part> parts) {
    throw refusal();
  }

  private ModelFormatException refusal() {
    return new ModelFormatException(
        source + ": the model has no tokenizer, so it takes token ids but no text");
  }

  @Override
  public TextDecoder newDecoder() {
    return new TextDecoder() {
      @Override
      public String append(int id) {
        return "";
      }

      @Override
      public String finish() {
        return "";
      }
    };
  }

  @Override
  public String piece(int id) {
    if (id < 0 || id >= vocabularySize) {
      throw new IndexOutOfBoundsException("token id " + id + " of " + vocabularySize);
    }
    return "#" + id;
  }

  @Override
  public OptionalInt id(String piece) {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt bos() {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt eos() {
    return OptionalInt.empty();
  }

  @Override
  public boolean endsGeneration(int id) {
    return false;
  }

  @Override
  public String kind() {
    return "none";
  }
}
