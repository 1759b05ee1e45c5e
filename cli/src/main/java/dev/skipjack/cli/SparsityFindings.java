package dev.skipjack.cli;

import dev.skipjack.inference.measure.GenerationTrial;
import dev.skipjack.inference.measure.sparsity.ModeComparison;
import dev.skipjack.inference.measure.sparsity.SparsityProfile;
import java.util.List;

/**
 * Everything {@code skipjack sparsity} found.
 *
 * @param textName of the text's file
 * @param mode that a session of the model would compute in
 * @param trial a generation in that mode
 * @param modes those that were compared
 */
record SparsityFindings(
    SparsityProfile profile,
    String textName,
    String mode,
    GenerationTrial trial,
    List<ModeComparison.Result> modes) {}
