package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small pieces that shape what people and programs read. */
class OutputTest {
  @Test
  void jsonStaysValidWithNumbersItCannotSpell() {
    StringWriter out = new StringWriter();

    Json.write(
        out,
        json ->
            json.field("a", Double.NaN)
                .field("b", Float.NEGATIVE_INFINITY)
                .field("c", 0.1f)
                .field("d", "\"\u0001")
                .array("e", 1, 2));

    assertThat(out)
        .hasToString("{\"a\":null,\"b\":null,\"c\":0.1,\"d\":\"\\\"\\u0001\",\"e\":[1,2]}");
  }

  @Test
  void topLogitsOrderTiesByIdAndPutNanLast() {
    float[] logits = {1, Float.NaN, 3, 3, -1};

    assertThat(TopLogits.of(logits, 3).stream().map(TopLogits.Entry::id)).containsExactly(2, 3, 0);
    assertThat(TopLogits.of(logits, 9).stream().map(TopLogits.Entry::id))
        .containsExactly(2, 3, 0, 4, 1);
    assertThat(TopLogits.of(logits, 0)).isEqualTo(List.of());
  }

  @ParameterizedTest
  @CsvSource({"0,0 B", "999,999 B", "5319328,5.32 MB", "12345,12.3 kB", "33700000000,33.7 GB"})
  void sizesAreShort(long bytes, String text) {
    assertThat(Text.bytes(bytes)).isEqualTo(text);
  }

  @Test
  void resultsAreUtf8() {
    var out = new ByteArrayOutputStream();

    new Results(out).stream("é🎈");

    assertThat(out.toByteArray()).containsExactly(0xC3, 0xA9, 0xF0, 0x9F, 0x8E, 0x88);
  }
}
