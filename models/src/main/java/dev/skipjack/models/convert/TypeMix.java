package dev.skipjack.models.convert;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses the type of each tensor. Immutable.
 *
 * <ul>
 *   <li>Vectors, norms, routers, rope factors, biases and scales stay F32: they are small and what
 *       they multiply is not. Integers stay what they are.
 *   <li>In the usual mix of a quantised type the matrix that makes the logits (the embeddings,
 *       where they are tied to it) gets at least Q6_K, or Q8_0 where its columns do not fill Q6_K's
 *       blocks; with a K type the embeddings as well.
 *   <li>In the usual mix of Q4_K, which is close to what other tools call Q4_K_M, the value
 *       projection and the down projection get Q6_K in the first and last eighth of the layers and
 *       in every third between them: errors there reach everything that follows.
 *   <li>Predictor matrices get at least Q8_0 in the usual mix: their output decides, it is not
 *       averaged away.
 *   <li>A pure conversion gives every matrix the target type.
 *   <li>Columns that do not fill the blocks of the chosen type fall back to Q8_0, then to F16.
 * </ul>
 */
final class TypeMix {
  private static final Pattern FULL_PRECISION =
      Pattern.compile("norm|ffn_gate_inp|rope_(freqs|factors)|\\.(bias|scale)$");

  private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.(\\w+)\\.weight");

  private static final Set<String> PREDICTORS = Set.of("fc1", "fc2");

  private static final Set<String> SENSITIVE =
      Set.of("attn_v", "ffn_down", "ffn_down_t", "ffn_down_exps");

  private static final Set<TensorType> K_TYPES = Set.of(TensorType.Q4_K, TensorType.Q6_K);

  private final TensorType target;
  private final boolean mixed;
  private final int layerCount;
  private final boolean tied;

  /**
   * @param type the chosen type
   * @param note why it is not what the mix says, or the empty string
   */
  record Choice(TensorType type, String note) {}

  TypeMix(ConversionOptions options, Map<String, Tensor> tensors) {
    this.target = options.type().tensorType();
    this.mixed = !options.pure() && !target.isFloat();
    this.layerCount =
        tensors.keySet().stream()
            .map(LAYER::matcher)
            .filter(Matcher::matches)
            .mapToInt(layer -> Integer.parseInt(layer.group(1)) + 1)
            .max()
            .orElse(0);
    this.tied = !tensors.containsKey("output.weight");
  }

  Choice choose(Tensor tensor) {
    if (isInteger(tensor.type())) {
      return new Choice(tensor.type(), "");
    }
    if (tensor.shape().length < 2 || FULL_PRECISION.matcher(tensor.name()).find()) {
      return new Choice(TensorType.F32, "");
    }
    return fitting(mixed ? mixed(tensor) : target, tensor.cols());
  }

  private static boolean isInteger(TensorType type) {
    return type.blockLength() == 1 && !type.isFloat();
  }

  private TensorType mixed(Tensor tensor) {
    String name = tensor.name();
    boolean logits = name.equals("output.weight") || tied && name.equals("token_embd.weight");
    if (logits || name.equals("token_embd.weight") && K_TYPES.contains(target)) {
      return target == TensorType.Q8_0 || tensor.cols() % TensorType.Q6_K.blockLength() != 0
          ? TensorType.Q8_0
          : TensorType.Q6_K;
    }
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return target;
    }
    String role = layer.group(2);
    if (PREDICTORS.contains(role)) {
      return TensorType.Q8_0;
    }
    return target == TensorType.Q4_K
            && SENSITIVE.contains(role)
            && inSensitiveHalf(Integer.parseInt(layer.group(1)))
        ? TensorType.Q6_K
        : target;
  }

  /** First eighth, last eighth, and every third layer between: about half of them. */
  private boolean inSensitiveHalf(int layer) {
    int eighth = layerCount / 8;
    return layer < eighth || layer >= 7 * layerCount / 8 || (layer - eighth) % 3 == 2;
  }

  private static Choice fitting(TensorType wanted, int cols) {
    for (TensorType type : List.of(wanted, TensorType.Q8_0)) {
      if (cols % type.blockLength() == 0) {
        return new Choice(type, type == wanted ? "" : note(wanted, cols));
      }
    }
    return new Choice(TensorType.F16, note(wanted, cols));
  }

  private static String note(TensorType wanted, int cols) {
    return "not %s: %d columns do not fill blocks of %d"
        .formatted(wanted, cols, wanted.blockLength());
  }
}
