package dev.skipjack.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.container.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hugging Face directories that cannot be used are refused in one sentence. */
class BrokenDirectoryTest {
  @TempDir Path directory;

  @Test
  void anEmptyDirectoryHasNoTokenizer() {
    assertRefused("tokenizer.json or tokenizer.model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\": {            | Unexpected end-of-input",
        "{}                       | no token",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":-1}}} | id -1",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2000000000}}} | id 2000000000",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":\"x\"}}} | a token id",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}} | \"b\", which is"
            + " not a token",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[[\"a\"]]}} | a pair of"
            + " tokens",
        "{\"model\":{\"type\":\"Klingon\",\"vocab\":{\"a\":0}}} | type \"Klingon\"",
        "{\"normalizer\":{\"type\":\"Odd\"},\"model\":{\"vocab\":{\"a\":0}}} | a supported"
            + " normalizer",
        "{\"pre_tokenizer\":{\"type\":\"Odd\"},\"model\":{\"vocab\":{\"a\":0}}} | a supported"
            + " pre_tokenizer",
        "{\"decoder\":{\"type\":\"CTC\"},\"model\":{\"vocab\":{\"a\":0}}} | a supported decoder",
        "{\"pre_tokenizer\":{\"type\":\"Split\",\"behavior\":\"Isolated\",\"pattern\":{\"Regex\":\"(\"}},\"model\":{\"vocab\":{\"a\":0}}}"
            + " | a regular expression",
        "{\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"////\"},"
            + "\"model\":{\"vocab\":{\"a\":0}}} | a character map"
      })
  void aBrokenTokenizerJsonIsRefused(String json, String message) throws IOException {
    Files.writeString(directory.resolve("tokenizer.json"), json);
    assertRefused(message);
  }

  @Test
  void aTowerOfStagesIsRefused() throws IOException {
    String stages = "{\"type\":\"NFC\"},".repeat(100) + "{\"type\":\"NFC\"}";
    Files.writeString(
        directory.resolve("tokenizer.json"),
        "{\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":["
            + stages
            + "]},\"model\":{\"vocab\":{\"a\":0}}}");
    assertRefused("101 stages, expected at most 100");
  }

  @Test
  void textThatIsNotUtf8IsRefused() throws IOException {
    Files.write(directory.resolve("tokenizer.json"), new byte[] {'{', '"', (byte) 0xff});
    assertRefused("byte 2: found no character, expected UTF-8 text");
  }

  /** Opening a pipe would wait for whoever writes to it. */
  @ParameterizedTest
  @ValueSource(strings = {"tokenizer.json", "tokenizer.model"})
  @EnabledOnOs(
      value = {OS.LINUX, OS.MAC},
      disabledReason = "named pipes are made with mkfifo")
  void aPipeIsNotWaitedFor(String name) throws Exception {
    Path pipe = directory.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertRefused("a pipe or device, expected a file");
  }

  @Test
  void aCutSentencePieceModelIsReadOrRefused() throws IOException {
    byte[] whole = Files.readAllBytes(GoldenTexts.folder("spm").resolve("tokenizer.model"));
    int refused = 0;
    for (int length = 0; length < whole.length; length += 97) {
      refused += readMutant(Arrays.copyOf(whole, length));
    }
    // Cuts between two pieces leave a valid, shorter model.
    assertThat(refused).isGreaterThan(200);
  }

  @Test
  void aCorruptSentencePieceModelIsReadOrRefused() throws IOException {
    byte[] whole =
        Files.readAllBytes(GoldenTexts.folder("unigram-model").resolve("tokenizer.model"));
    Random random = new Random(20261126);
    int refused = 0;
    for (int round = 0; round < 100; round++) {
      byte[] mutant = whole.clone();
      for (int i = 0; i < 20; i++) {
        mutant[random.nextInt(i < 10 ? 4000 : mutant.length)] = (byte) random.nextInt();
      }
      refused += readMutant(mutant);
    }
    assertThat(refused).isGreaterThan(50);
  }

  /** Encodes with a model if it can be read; 1 if it is refused, anything else throws. */
  private int readMutant(byte[] model) throws IOException {
    Files.write(directory.resolve("tokenizer.model"), model);
    try {
      Tokenizer tokenizer = Tokenizers.fromHuggingFace(directory);
      int[] ids = tokenizer.encode("Ünit ½ test\uFB01", SpecialTokens.PROMPT);
      assertThat(tokenizer.decode(ids)).isNotNull();
      return 0;
    } catch (ModelFormatException e) {
      assertThat(e).hasMessageContaining("tokenizer.model");
      return 1;
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Tokenizers.fromHuggingFace(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(directory.toString());
  }
}
