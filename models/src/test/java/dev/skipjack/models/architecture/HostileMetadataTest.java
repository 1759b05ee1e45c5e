package dev.skipjack.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers that are sound, with metadata and shapes that are not. */
class HostileMetadataTest {
  private static final List<String> MODELS = List.of("llama-tied-rope3", "mixtral", "nemotron");

  private static final List<String> ARCHITECTURES =
      List.of(
          "apertus",
          "arcee",
          "bamboo",
          "bitnet",
          "falcon",
          "gemma2",
          "gemma3",
          "granite",
          "llama",
          "minicpm",
          "mistral3",
          "nemotron",
          "olmo2",
          "phi3",
          "plm",
          "qwen2",
          "qwen3",
          "smallthinker",
          "smollm3");

  private static final List<String> KEYS =
      List.of(
          "attention.head_count",
          "attention.head_count_kv",
          "attention.key_length",
          "attention.kv_lora_rank",
          "attention.layer_norm_epsilon",
          "attention.layer_norm_rms_epsilon",
          "attention.scale",
          "attention.sliding_window",
          "attention.sliding_window_pattern",
          "attention.temperature_length",
          "attention.temperature_scale",
          "attention.value_length",
          "block_count",
          "context_length",
          "embedding_length",
          "expert_count",
          "expert_feed_forward_length",
          "expert_gating_func",
          "expert_used_count",
          "expert_weights_norm",
          "feed_forward_length",
          "hidden_activation",
          "rope.dimension_count",
          "rope.freq_base",
          "rope.scaling.factor",
          "rope.scaling.original_context_length",
          "rope.scaling.type",
          "rope.scaling.yarn_beta_fast",
          "rope.scaling.yarn_ext_factor");

  private static final List<Object> VALUES =
      List.of(
          0L,
          1L,
          2L,
          3L,
          -1L,
          64L,
          (long) Integer.MAX_VALUE,
          (long) Integer.MAX_VALUE - 1,
          1L << 31,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          0.0,
          -1.0,
          1e-300,
          1e308,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          true,
          "",
          "yarn",
          "longrope",
          "relu",
          "fatrelu:x",
          new long[] {},
          new long[] {1, 2, 3, 4, 5, 6},
          new long[] {Long.MAX_VALUE, Integer.MAX_VALUE, 0},
          new double[] {1, Double.NaN},
          new boolean[] {true},
          new String[] {"relu"});

  private static final long[][] SHAPES = {
    {},
    {0},
    {1},
    {64},
    {0, 64},
    {1L << 40, 0},
    {0, 1L << 40},
    {1L << 20, 0, 1L << 20},
    {2, 3},
    {2, 2, 2, 2}
  };

  /** What describing may allocate beside a model: far below what any hostile number asks for. */
  private static final long ALLOWANCE = 16L << 20;

  private static final Map<String, ModelFile> OPEN = new HashMap<>();

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static ModelFile model(String name) {
    return OPEN.computeIfAbsent(name, HostileMetadataTest::open);
  }

  private static ModelFile open(String name) {
    try {
      Path file = Path.of(HostileMetadataTest.class.getResource("/gguf/" + name + ".gguf").toURI());
      return GgufFile.open(file);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterContainer
  static void close() {
    OPEN.values().forEach(ModelFile::close);
  }

  @Property(tries = 6000, seed = "20260407")
  void isDescribedOrRefusedWithinBounds(@ForAll long seed) {
    Random random = new Random(seed);
    ModelFile original = model(pick(MODELS, random));
    String architecture = architecture(original);
    Map<String, Object> keys = new HashMap<>();
    if (random.nextInt(3) == 0) {
      String other = pick(ARCHITECTURES, random);
      for (String key : original.metadata().keys()) {
        if (key.startsWith(architecture + ".")) {
          keys.put(
              other + key.substring(architecture.length()),
              original.metadata().value(key).orElseThrow());
        }
      }
      keys.put("general.architecture", other);
      architecture = other;
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      keys.put(architecture + "." + pick(KEYS, random), pick(VALUES, random));
    }
    Map<String, Tensor> tensors = new HashMap<>();
    if (random.nextInt(4) == 0) {
      String name = pick(List.copyOf(original.tensors().keySet()), random);
      tensors.put(name, tensor(name, SHAPES[random.nextInt(SHAPES.length)]));
    }
    MutatedModel mutated = new MutatedModel(original, keys, tensors);
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      assertThat(Architectures.describe(mutated).layers()).isNotEmpty();
    } catch (ModelFormatException e) {
      assertThat(e).hasMessageContaining(original.source());
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .as(() -> "bytes allocated for " + describe(keys))
        .isLessThan(ALLOWANCE);
  }

  /** One wrong number each, and the sentence that names it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "block_count|2147483647|found 2147483647, expected at most",
        "context_length|2147483647|found 2147483647, expected at most",
        "attention.key_length|2147483646|found 2147483646, expected at most",
        "attention.value_length|2147483647|found 2147483647, expected at most",
        "attention.head_count|65|found 65, expected at most 64",
        "attention.head_count|0|found 0, expected 1 to",
        "rope.freq_base|0|found 0.0, expected a finite number above 0",
      })
  void theNumberIsNamed(String suffix, long value, String message) {
    String key = "llama." + suffix;
    MutatedModel mutated =
        new MutatedModel(model("llama-tied-rope3"), Map.of(key, value), Map.of());
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Architectures.describe(mutated))
        .withMessageContaining("key " + key)
        .withMessageContaining(message);
  }

  /** A model of two layers with a right number for the first and none for the second. */
  @ParameterizedTest
  @CsvSource({"attention.head_count, 4", "attention.head_count_kv, 2", "feed_forward_length, 128"})
  void arraysMustHaveANumberForEachLayer(String suffix, long first) {
    String key = "llama." + suffix;
    MutatedModel mutated =
        new MutatedModel(model("llama-tied-rope3"), Map.of(key, new long[] {first}), Map.of());
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> Architectures.describe(mutated))
        .withMessageContaining("key %s: found 1 values, expected one per layer", key);
  }

  private static String architecture(ModelFile model) {
    return model.metadata().requireString("general.architecture");
  }

  private static String describe(Map<String, Object> keys) {
    StringBuilder text = new StringBuilder();
    keys.forEach(
        (key, value) ->
            text.append(key)
                .append('=')
                .append(value instanceof long[] array ? Arrays.toString(array) : value)
                .append(' '));
    return text.toString();
  }

  private static Tensor tensor(String name, long[] shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(4 * elements)]);
    return new Tensor(name, TensorType.F32, shape, data);
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
