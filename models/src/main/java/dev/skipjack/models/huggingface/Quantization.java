package dev.skipjack.models.huggingface;

/**
 * {@code quantization_config}: only BitNet's master weights, which are quantised when they are
 * used, can be read. Packed formats keep codes where this package expects weights.
 */
final class Quantization {
  private Quantization() {}

  /**
   * Whether the stored weights are master weights of a ternary model.
   *
   * @throws dev.skipjack.loader.container.ModelFormatException if they are packed codes
   */
  static boolean isOnlineBitNet(JsonObject config) {
    if (!config.has("quantization_config")) {
      return false;
    }
    JsonObject quantization = config.object("quantization_config").orElseThrow();
    String method = quantization.string("quant_method").orElse("unnamed");
    String mode = quantization.string("quantization_mode").orElse("offline");
    if (!method.equals("bitnet") || !mode.equals("online")) {
      throw config.error(
          "quantization_config",
          "method %s, mode %s".formatted(method, mode),
          "none; use the unquantised checkpoint, or convert this one to GGUF");
    }
    return true;
  }
}
