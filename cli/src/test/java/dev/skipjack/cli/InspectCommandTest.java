package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class InspectCommandTest {
  private static final String LLAMA = "/dev/skipjack/inference/fixtures/gguf/llama.gguf";

  @TempDir private Path directory;

  @Test
  void describesTheBundledModel() {
    JsonNode json = CommandRun.of("inspect", "--json").json();

    assertThat(json.get("container").asString()).isEqualTo("GGUF v3");
    assertThat(json.get("architecture").asString()).isEqualTo("arcee");
    assertThat(json.get("parameters").asLong()).isEqualTo(4_951_296);
    assertThat(json.get("sizes").toString())
        .isEqualTo(
            "{\"vocabulary\":2048,\"context\":512,\"hidden\":256,\"layers\":6,\"heads\":8,"
                + "\"kv_heads\":4,\"head_dim\":32}");
    assertThat(json.get("ffn").toString())
        .isEqualTo(
            "{\"form\":\"ungated\",\"activation\":\"relu2\",\"neurons\":1056,"
                + "\"down\":\"row-major\",\"experts\":1,\"experts_used\":1}");
    assertThat(json.get("sparsity").get("exact_zeros").asBoolean()).isTrue();
    assertThat(json.get("sparsity").get("needs_calibration").asBoolean()).isFalse();
    assertThat(json.get("tokenizer").get("vocabulary").asInt()).isEqualTo(2048);
    assertThat(json.get("warnings")).isEmpty();
  }

  @Test
  void listsTensorsInTheOrderOfTheContainer() {
    JsonNode tensors = CommandRun.of("inspect", "--json").json().get("tensors");

    JsonNode up =
        tensors
            .valueStream()
            .filter(t -> t.get("name").asString().equals("blk.0.ffn_up.weight"))
            .findFirst()
            .orElseThrow();
    assertThat(up.get("shape").toString()).as("contiguous dimension first").isEqualTo("[256,1056]");
    assertThat(up.get("type").asString()).isEqualTo("Q8_0");
    assertThat(up.get("bytes").asLong()).isEqualTo(256L * 1056 / 32 * 34);
    long end = 0;
    for (JsonNode tensor : tensors) {
      assertThat(tensor.get("offset").asLong()).isGreaterThanOrEqualTo(end);
      end = tensor.get("offset").asLong() + tensor.get("bytes").asLong();
    }
  }

  @Test
  void showsAVocabularyWithoutWeights() {
    Path vocabulary = CommandRun.resource("vocab.gguf", directory.resolve("vocab.gguf"));

    CommandRun run = CommandRun.of("inspect", "" + vocabulary, "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.json().get("tensors")).isEmpty();
    assertThat(run.json().get("sizes").isNull()).isTrue();
    assertThat(run.json().get("tokenizer").get("vocabulary").asInt()).isEqualTo(2048);
    assertThat(CommandRun.of("inspect", "" + vocabulary).out()).contains("only a vocabulary");
  }

  @Test
  void warnsOfAReluNameOnAModelThatWouldRunWithSilu() {
    Path plain = CommandRun.resource(LLAMA, directory.resolve("llama.gguf"));
    Path relu = CommandRun.resource(LLAMA, directory.resolve("Llama-ProSparse.gguf"));

    JsonNode ofPlain = CommandRun.of("inspect", "" + plain, "--json").json();
    assertThat(ofPlain.get("warnings")).isEmpty();
    assertThat(ofPlain.get("ffn").get("activation").asString()).isEqualTo("silu");
    assertThat(ofPlain.get("sparsity").get("needs_calibration").asBoolean()).isTrue();
    assertThat(CommandRun.of("inspect", "-m", "" + relu).out())
        .contains("the name says \"prosparse\"", "--ffn-activation relu");
  }

  @Test
  void printsAFactPerLineAndATable() {
    CommandRun run = CommandRun.of("inspect");

    assertThat(run.out())
        .contains("feed-forward  ungated, relu2, 1056 neurons, down row-major")
        .containsPattern("blk\\.0\\.ffn_up\\.weight +Q8_0 +\\[256, 1056] +\\d+ +287232");
  }

  @Test
  void tellsTheMemoryBesideTheMapping() {
    JsonNode json = CommandRun.of("inspect", "--json").json();
    JsonNode memory = json.get("memory");

    assertThat(json.get("load_ms").asDouble()).isPositive();
    assertThat(json.get("heap_bytes").asLong()).isBetween(100_000L, 50_000_000L);
    assertThat(memory.get("vector_bytes").asLong()).isEqualTo(4 * 256 * (2 * 6 + 1));
    assertThat(memory.get("copied_bytes").asLong()).as("F32").isEqualTo(4L * 6 * 256 * 1056);
    assertThat(memory.get("repacked_bytes_at_most").asLong()).as("a small model").isZero();
    assertThat(memory.get("batch").asInt()).isEqualTo(256);
    assertThat(memory.get("cache_bytes_per_1000_tokens").asLong())
        .isEqualTo(1000L * 6 * 4 * (32 + 32) * 2);
    assertThat(CommandRun.of("inspect").out())
        .containsPattern("memory +[0-9.]+ .B beside the mapped file, read in \\d+ ms")
        .contains("3.07 MB of keys and values (F16) for every 1,000 tokens");
  }
}
