package dev.skipjack.models.convert;

import java.util.List;
import java.util.Map;

/**
 * What a conversion did.
 *
 * @param tensors how many there are
 * @param types how many there are of each type, by the name of the type
 * @param fallbacks those that could not have the type that was meant for them
 * @param warnings what the user should know
 * @param inputBytes of all tensors together, before
 * @param outputBytes of all tensors together, after
 */
public record ConversionSummary(
    int tensors,
    Map<String, Integer> types,
    List<Fallback> fallbacks,
    List<String> warnings,
    long inputBytes,
    long outputBytes) {
  /**
   * A tensor of another type than the one meant for it.
   *
   * @param type that it got
   * @param reason in words
   */
  public record Fallback(String tensor, String type, String reason) {}
}
