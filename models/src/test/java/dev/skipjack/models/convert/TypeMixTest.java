package dev.skipjack.models.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeMixTest {
  private static final int LAYERS = 16;

  private static Tensor tensor(String name, TensorType type, long... shape) {
    long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return new Tensor(
        name, type, shape, MemorySegment.ofArray(new byte[(int) type.byteSize(count)]));
  }

  private static Tensor matrix(String name) {
    return tensor(name, TensorType.F32, 1, 256);
  }

  private static TypeMix mix(TargetType type, boolean pure, boolean tied) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> names =
        tied
            ? List.of("token_embd.weight", "blk.%d.attn_q.weight".formatted(LAYERS - 1))
            : List.of("output.weight", "blk.%d.attn_q.weight".formatted(LAYERS - 1));
    names.forEach(name -> tensors.put(name, matrix(name)));
    return new TypeMix(new ConversionOptions(type, pure, 1), tensors);
  }

  @ParameterizedTest
  @CsvSource({
    "token_embd.weight,            Q6_K, Q4_0, Q8_0, F16",
    "output.weight,                Q6_K, Q6_K, Q8_0, F16",
    "blk.3.attn_q.weight,          Q4_K, Q4_0, Q8_0, F16",
    "blk.3.ffn_up_exps.weight,     Q4_K, Q4_0, Q8_0, F16",
    "blk.0.ffn_down_t.weight,      Q6_K, Q4_0, Q8_0, F16",
    "blk.0.fc1.weight,             Q8_0, Q8_0, Q8_0, F16",
    "blk.3.ffn_gate_inp.weight,    F32, F32, F32, F32",
    "blk.3.attn_q_norm.weight,     F32, F32, F32, F32",
    "blk.3.ffn_up_exps.bias,       F32, F32, F32, F32",
    "rope_factors_long.weight,     F32, F32, F32, F32",
  })
  void theUsualMix(String name, TensorType q4k, TensorType q40, TensorType q80, TensorType f16) {
    List<TargetType> targets =
        List.of(TargetType.Q4_K, TargetType.Q4_0, TargetType.Q8_0, TargetType.F16);
    assertThat(targets)
        .extracting(target -> mix(target, false, false).choose(matrix(name)).type())
        .containsExactly(q4k, q40, q80, f16);
  }

  @Test
  void halfOfTheSensitiveMatricesAreFiner() {
    TypeMix mix = mix(TargetType.Q4_K, false, false);
    assertThat(finer(mix, "attn_v")).containsExactly(0, 1, 4, 7, 10, 13, 14, 15);
    assertThat(finer(mix, "ffn_down")).isEqualTo(finer(mix, "attn_v"));
    assertThat(finer(mix, "attn_k")).isEmpty();
  }

  private static List<Integer> finer(TypeMix mix, String role) {
    return IntStream.range(0, LAYERS)
        .filter(
            layer ->
                mix.choose(matrix("blk.%d.%s.weight".formatted(layer, role))).type()
                    == TensorType.Q6_K)
        .boxed()
        .toList();
  }

  @Test
  void tiedEmbeddingsMakeTheLogits() {
    Tensor embeddings = matrix("token_embd.weight");
    assertThat(mix(TargetType.Q4_0, false, true).choose(embeddings).type())
        .isEqualTo(TensorType.Q6_K);
  }

  @Test
  void pureMeansEveryMatrixButNotTheVectors() {
    TypeMix mix = mix(TargetType.Q4_K, true, false);
    for (String name : List.of("token_embd.weight", "output.weight", "blk.0.attn_v.weight")) {
      assertThat(mix.choose(matrix(name)).type()).isEqualTo(TensorType.Q4_K);
    }
    assertThat(mix.choose(matrix("blk.0.attn_norm.weight")).type()).isEqualTo(TensorType.F32);
    assertThat(mix.choose(tensor("blk.0.attn_q.bias", TensorType.F16, 256)).type())
        .isEqualTo(TensorType.F32);
  }

  @Test
  void integersStayWhatTheyAre() {
    Tensor index = tensor("blk.0.gpu_idx", TensorType.I32, 256);
    assertThat(mix(TargetType.Q4_0, false, false).choose(index).type()).isEqualTo(TensorType.I32);
  }

  @ParameterizedTest
  @CsvSource({"Q4_K, 256, Q4_K, ''", "Q4_K, 96, Q8_0, 96 columns", "Q4_K, 40, F16, 40 columns"})
  void columnsThatDoNotFillBlocksFallBack(
      TargetType target, long cols, TensorType type, String note) {
    Tensor tensor = tensor("blk.3.attn_q.weight", TensorType.F32, 2, cols);
    TypeMix.Choice choice = mix(target, false, false).choose(tensor);
    assertThat(choice.type()).isEqualTo(type);
    assertThat(choice.note().isEmpty()).isEqualTo(note.isEmpty());
    assertThat(choice.note()).contains(note);
  }
}
