package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.PageAdvisor;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.Checkpoints;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A file that does not stay in memory: the system is told what is read, results are the same. */
class PagingTest {
  private static final String MODEL = "special/powerinfer-llama-relu";
  private static final Path FILE = Fixture.path(MODEL + ".gguf");
  private static final int[] PROMPT =
      Fixture.ints(Fixture.json(MODEL + ".golden.json").get("prompt"));

  private final Recorder recorder = new Recorder();

  @Test
  void whatSingleTokensReadRowByRowIsScattered() {
    try (LanguageModel model = load("predictor")) {
      assertThat(recorder.names(model, recorder.scattered))
          .containsExactlyInAnyOrder(
              "blk.0.ffn_gate.weight",
              "blk.0.ffn_up.weight",
              "blk.0.ffn_down_t.weight",
              "blk.1.ffn_gate.weight",
              "blk.1.ffn_up.weight",
              "blk.1.ffn_down_t.weight");
    }
  }

  @Test
  void gatesOfAllNeuronsAreNotScattered() {
    try (LanguageModel model = load("exact")) {
      assertThat(recorder.names(model, recorder.scattered))
          .contains("blk.0.ffn_up.weight", "blk.0.ffn_down_t.weight")
          .doesNotContain("blk.0.ffn_gate.weight", "blk.1.ffn_gate.weight");
    }
  }

  @Test
  void singleTokensAnnounceTheirNeuronsAlone() {
    try (LanguageModel model = load("predictor");
        Session session = model.newSession()) {
      session.evaluate(PROMPT[0]);
      Tensor gate = model.file().tensor("blk.0.ffn_gate.weight").orElseThrow();
      Tensor query = model.file().tensor("blk.0.attn_q.weight").orElseThrow();
      assertThat(recorder.announced(gate)).isPositive().isLessThan(gate.byteSize());
      assertThat(recorder.announced(query)).isEqualTo(query.byteSize());
    }
  }

  @Test
  void promptsAnnounceEverything() {
    try (LanguageModel model = load("predictor");
        Session session = model.newSession()) {
      session.evaluate(PROMPT, (position, logits) -> {});
      for (String name : new String[] {"gate", "up", "down_t"}) {
        Tensor tensor = model.file().tensor("blk.1.ffn_" + name + ".weight").orElseThrow();
        assertThat(recorder.announced(tensor)).isGreaterThanOrEqualTo(tensor.byteSize());
      }
    }
  }

  @Test
  void resultsAreTheSame() {
    for (String mode : new String[] {"dense", "exact", "predictor"}) {
      try (LanguageModel paged = load(mode);
          LanguageModel plain = LanguageModel.load(FILE, options(mode))) {
        assertThat(logits(paged, true)).containsExactly(logits(plain, true));
        assertThat(logits(paged, false)).containsExactly(logits(plain, false));
      }
    }
  }

  @Test
  void filesThatStayInMemoryAreReadWithoutAdvice() {
    assertThat(Repack.stays(9_000, 10_000)).isTrue();
    assertThat(Repack.stays(9_001, 10_000)).isFalse();
    try (ModelFile file = Checkpoints.open(FILE)) {
      assertThat(Repack.OFF.leavesOnDisk(file)).isFalse();
    }
  }

  private LanguageModel load(String mode) {
    return LanguageModel.of(Checkpoints.open(FILE), options(mode), Optional.of(recorder));
  }

  private static LoadOptions options(String mode) {
    return LoadOptions.DEFAULTS
        .withThreads(2)
        .withRepack(Repack.OFF)
        .withSparsity(SparsityMode.parse(mode));
  }

  /** Those of the last token of a prompt, fed as one batch or token by token. */
  private static float[] logits(LanguageModel model, boolean together) {
    try (Session session = model.newSession()) {
      if (together) {
        return session.evaluate(PROMPT).clone();
      }
      for (int token : Arrays.copyOf(PROMPT, PROMPT.length - 1)) {
        session.evaluate(token);
      }
      return session.evaluate(PROMPT[PROMPT.length - 1]).clone();
    }
  }

  /** Writes down what it is told, by address. */
  private static final class Recorder implements PageAdvisor {
    private final Set<Long> scattered = ConcurrentHashMap.newKeySet();
    private final Map<Long, Long> announced = new ConcurrentHashMap<>();

    @Override
    public void scattered(MemorySegment mapped) {
      scattered.add(mapped.address());
    }

    @Override
    public void soon(MemorySegment mapped, long offset, long length) {
      announced.merge(mapped.address(), length, Long::sum);
    }

    long announced(Tensor tensor) {
      return announced.getOrDefault(tensor.data().address(), 0L);
    }

    Set<String> names(LanguageModel model, Set<Long> addresses) {
      return model.file().tensors().values().stream()
          .filter(tensor -> addresses.contains(tensor.data().address()))
          .map(Tensor::name)
          .collect(Collectors.toSet());
    }
  }
}
