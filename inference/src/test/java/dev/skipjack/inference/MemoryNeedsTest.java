package dev.skipjack.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.spec.DecoderSpec;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is announced against what is allocated. */
class MemoryNeedsTest {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(strings = {"gguf/llama", "gguf/mixtral", "gguf/gemma3", "hf/falcon-new"})
  void buffersOfASessionTakeWhatIsAnnounced(String name) {
    try (ModelFile file = Checkpoints.open(Fixture.load(name).model())) {
      DecoderSpec spec = Architectures.describe(file);
      MemoryNeeds needs = MemoryNeeds.of(file, spec);
      long before = threads.getCurrentThreadAllocatedBytes();
      Workspace space = new Workspace(spec, needs.batchLength(), Optional.empty());
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;

      // Objects and array headers are not counted.
      assertThat(space.byteSize()).isCloseTo(allocated, within(16_000L));
      assertThat(needs.sessionBytes())
          .isEqualTo(space.byteSize() + space.tileBytes() + 4L * spec.config().vocabularySize());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gguf/llama-relu",
        "gguf/llama",
        "gguf/mixtral",
        "special/powerinfer-bamboo",
        "quant/llama-256-q8_0"
      })
  void copiesTakeWhatIsAnnounced(String name) {
    LoadOptions options = LoadOptions.DEFAULTS.withThreads(2);
    try (LanguageModel model = LanguageModel.load(Fixture.load(name).model(), options)) {
      MemoryNeeds needs = MemoryNeeds.of(model.file(), model.spec());
      assertThat(needs.copiedBytes()).isEqualTo(model.copiedBytes());
    }
  }

  @Test
  void theBundledModelIsCopiedAsAnnounced() {
    try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(2))) {
      MemoryNeeds needs = MemoryNeeds.of(model.file(), model.spec());
      assertThat(needs.copiedBytes()).isEqualTo(model.copiedBytes()).isEqualTo(6L * 1056 * 256 * 4);
    }
  }
}
