package dev.skipjack.inference.reference;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A tiny ReGLU model, with layers of different widths, whose neurons can be seen and left out: what
 * measures of sparsity are checked against, in double precision and by plain loops.
 */
public final class PlainNeurons {
  private final TinyModel.Pair pair = TinyModels.LAYERS_OF_DIFFERENT_WIDTHS.make();
  private final PlainLlama model = (PlainLlama) pair.reference();

  /** Writes it as a GGUF file. */
  public Path write(Path target) {
    return pair.file().write(target);
  }

  /** Tokens of its vocabulary. */
  public static int[] tokens(int count) {
    return TinyLayers.prompt(count);
  }

  /** Down of a layer {@code [hidden x neurons]}. */
  public double[][] down(int layer) {
    return pair.file().get("blk." + layer + ".ffn_down.weight");
  }

  /** The activations of a sequence, by layer and token. */
  public List<List<double[]>> activations(int[] tokens) {
    List<List<double[]>> layers = new ArrayList<>();
    model.neurons =
        (layer, activations) -> {
          if (layer == layers.size()) {
            layers.add(new ArrayList<>());
          }
          layers.get(layer).add(activations.clone());
        };
    model.logits(tokens);
    return layers;
  }

  /**
   * Logits after each token, without neurons below their threshold.
   *
   * @param thresholds by layer and neuron
   */
  public double[][] logits(int[] tokens, double[][] thresholds) {
    model.neurons =
        (layer, activations) -> {
          for (int i = 0; i < activations.length; i++) {
            activations[i] = Math.abs(activations[i]) < thresholds[layer][i] ? 0 : activations[i];
          }
        };
    return model.logits(tokens);
  }
}
