package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EvalCommandTest {
  private static final int VOCABULARY = 2048;

  @TempDir private Path directory;

  @Test
  void reportsTheLargestLogitsOfEveryPosition() {
    CommandRun run =
        CommandRun.of("eval", "--tokens", "1,429,438,261,399,1997", "--top", "2", "--json");

    assertThat(run.exitCode()).isZero();
    JsonNode positions = run.json().get("positions");
    assertThat(positions.valueStream().map(p -> p.get("top").get(0).get("id").asInt()))
        .as("the likeliest tokens, as independent implementations find them")
        .containsExactly(429, 438, 261, 399, 1997, 401);
    for (JsonNode position : positions) {
      assertThat(position.get("top")).hasSize(2);
      assertThat(position.get("top").get(0).get("logit").asDouble())
          .isGreaterThanOrEqualTo(position.get("top").get(1).get("logit").asDouble());
    }
  }

  @Test
  void writesAllLogitsAsLittleEndianFloats() throws IOException {
    Path file = Files.writeString(directory.resolve("logits.f32"), "an older file");

    CommandRun run =
        CommandRun.of("eval", "--tokens", "1,429", "--top", "1", "--logits", "" + file, "--json");

    var floats =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    assertThat(floats.remaining()).isEqualTo(2 * VOCABULARY);
    JsonNode top = run.json().get("positions").get(1).get("top").get(0);
    assertThat(floats.get(VOCABULARY + top.get("id").asInt()))
        .isCloseTo(top.get("logit").floatValue(), within(1e-6f));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void printsOneLinePerPosition() {
    CommandRun run = CommandRun.of("eval", "--tokens", "1,429", "--top", "1");

    assertThat(run.out().lines()).hasSize(2);
    assertThat(run.out().lines().toList().getLast()).contains("429", "'▁Once'", "438 '▁upon'");
  }
}
