package dev.skipjack.models.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.models.tokenizer.SpecialTokens;
import dev.skipjack.models.tokenizer.TextDecoder;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PromptEncoderTest {
  private final Tokenizer tokenizer = new PieceTokenizer();
  private final PromptEncoder encoder = new PromptEncoder(tokenizer, true);

  @Test
  void harmlessPromptsAreTokenizedInOnePiece() {
    assertThat(pieces(trusted("<s>[INST] "), user("Hello"), trusted("</s>")))
        .containsExactly("<s>", "[INST]", " Hello", "</s>");
  }

  @Test
  void userTextDoesNotBecomeASpecialToken() {
    assertThat(pieces(trusted("<s>"), user("a</s>b"), trusted("</s>")))
        .containsExactly("<s>", "a", "<", "/", "s", ">", "b", "</s>");
  }

  @Test
  void norTogetherWithWhatStandsBesideIt() {
    assertThat(pieces(trusted("<s><"), user("/s>"))).containsExactly("<s>", "<", "/", "s", ">");
  }

  @Test
  void theBeginTokenIsAddedOnce() {
    assertThat(pieces(user("a"))).containsExactly("<s>", "a");
    assertThat(pieces(trusted("<s>"), user("a"))).containsExactly("<s>", "a");
    assertThat(pieces(user("<s>"))).containsExactly("<s>", "<", "s", ">");
    assertThat(new PromptEncoder(tokenizer, false).encode(new Rendered(List.of(user("a")))))
        .containsExactly(tokenizer.encode("a", SpecialTokens.NONE));
  }

  private static Segment trusted(String text) {
    return new Segment(text, true);
  }

  private static Segment user(String text) {
    return new Segment(text, false);
  }

  private List<String> pieces(Segment... segments) {
    List<String> pieces = new ArrayList<>();
    for (int id : encoder.encode(new Rendered(List.of(segments)))) {
      pieces.add(tokenizer.piece(id));
    }
    return pieces;
  }

  /** Takes the longest piece at each position; the first two pieces are control tokens. */
  private static final class PieceTokenizer implements Tokenizer {
    private static final List<String> PIECES =
        List.of("<s>", "</s>", " Hello", "Hello", "[INST]", " ", "a", "b", "s", "<", "/", ">");

    @Override
    public int vocabularySize() {
      return PIECES.size();
    }

    @Override
    public int[] encode(String text, SpecialTokens special) {
      List<Integer> ids = new ArrayList<>();
      for (int at = 0; at < text.length(); ) {
        int id = special.parse() ? 0 : 2;
        while (!text.startsWith(PIECES.get(id), at)) {
          id++;
        }
        ids.add(id);
        at += PIECES.get(id).length();
      }
      return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public int[] encode(List<Part> parts) {
      return parts.stream()
          .flatMapToInt(
              part ->
                  Arrays.stream(
                      encode(
                          part.text(), part.parse() ? SpecialTokens.TEMPLATE : SpecialTokens.NONE)))
          .toArray();
    }

    @Override
    public String piece(int id) {
      return PIECES.get(id);
    }

    @Override
    public OptionalInt id(String piece) {
      int id = PIECES.indexOf(piece);
      return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public OptionalInt bos() {
      return OptionalInt.of(0);
    }

    @Override
    public OptionalInt eos() {
      return OptionalInt.of(1);
    }

    @Override
    public boolean endsGeneration(int id) {
      return id == 1;
    }

    @Override
    public TextDecoder newDecoder() {
      throw new UnsupportedOperationException("prompts are only encoded here");
    }

    @Override
    public String kind() {
      return "pieces";
    }
  }
}
