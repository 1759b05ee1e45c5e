package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import java.util.Optional;

/**
 * What a user may change about a checkpoint's description.
 *
 * @param activation replaces the feed-forward activation that the file names or implies
 * @param contextLength positions that will be used; 0 for the model's own. Chooses between the
 *     short and long factors of LongRoPE
 */
public record DescribeOptions(Optional<ActivationSpec> activation, int contextLength) {
  public static final DescribeOptions DEFAULTS = new DescribeOptions(Optional.empty(), 0);
}
