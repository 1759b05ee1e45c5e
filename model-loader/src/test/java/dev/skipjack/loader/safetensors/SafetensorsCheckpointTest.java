package dev.skipjack.loader.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.container.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsCheckpointTest {
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir Path directory;

  private void shards() {
    TestFiles.write(directory.resolve(FIRST), TestFiles.file(TestFiles.VALID_HEADER, new byte[24]));
    TestFiles.write(directory.resolve(SECOND), TestFiles.oneTensor("I32", "[1]", new byte[4]));
  }

  private void index(String json) {
    TestFiles.write(
        directory.resolve("model.safetensors.index.json"), json.getBytes(StandardCharsets.UTF_8));
  }

  private void weightMap(String tensor, String file) {
    index(
        "{\"metadata\":{\"total_size\":28},\"weight_map\":{\"%s\":\"%s\"}}"
            .formatted(tensor, file));
  }

  @Test
  void aSingleFileGoesFirst() {
    TestFiles.write(
        directory.resolve("model.safetensors"), TestFiles.oneTensor("F16", "[2]", new byte[4]));
    index("not even JSON");
    try (SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(directory)) {
      assertThat(checkpoint.tensors().keySet()).containsExactly("x");
      assertThat(checkpoint.container()).isEqualTo("safetensors");
    }
  }

  @Test
  void shardsAreOneCheckpoint() {
    shards();
    index(
        "{\"weight_map\":{\"a\":\"%s\",\"x\":\"%s\",\"b\":\"%s\"}}"
            .formatted(FIRST, SECOND, FIRST));
    try (SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(directory)) {
      assertThat(checkpoint.tensors().keySet()).containsExactly("a", "b");
      assertThat(checkpoint.skipped()).extracting(SafetensorsEntry::name).containsExactly("x");
      assertThat(checkpoint.container()).isEqualTo("safetensors, 2 files");
      assertThat(checkpoint.fileOffset(checkpoint.tensors().get("a")))
          .isEqualTo(8 + TestFiles.VALID_HEADER.length());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../" + FIRST,
        "/etc/" + FIRST,
        "sub/" + FIRST,
        "..\\\\" + FIRST,
        "C:" + FIRST,
        "..safetensors",
        ".safetensors",
        "model\\u0000.safetensors",
        "pytorch_model.bin",
        ""
      })
  void aShardOutsideTheDirectoryIsRefused(String file) {
    shards();
    weightMap("a", file);
    assertThatThrownBy(() -> SafetensorsCheckpoint.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("weight_map a")
        .hasMessageContaining("beside the index");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|no tensors",
        "[]|a JSON object",
        "{'weight_map':{}}|no tensors",
        "{'weight_map':[]}|a weight_map object",
        "{'weight_map':{'a':1}}|the name of a file",
        "{'weight_map':{'a':'a.safetensors','a':'b.safetensors'}}|uplicate",
        "{'weight_map':{'a':'absent.safetensors'}}|no file absent.safetensors beside it",
      },
      quoteCharacter = '`')
  void aBrokenIndexIsRefused(String json, String message) {
    index(json.replace('\'', '"'));
    assertThatThrownBy(() -> SafetensorsCheckpoint.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void everyListedTensorMustExist() {
    shards();
    weightMap("c", FIRST);
    assertThatThrownBy(() -> SafetensorsCheckpoint.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(FIRST)
        .hasMessageContaining("tensor c");
  }

  @Test
  void aDirectoryWithoutWeightsSaysWhatItNeeds() {
    assertThatThrownBy(() -> SafetensorsCheckpoint.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("model.safetensors");
  }
}
