/**
 * Finds what a sparse mode needs to know about a model - thresholds, predictors, orders of weights
 * - and writes it into a copy of the model's GGUF file.
 *
 * <p>{@link dev.skipjack.inference.calibration.Sparsifier} is the way in. A method is one {@link
 * dev.skipjack.inference.calibration.CalibrationMethod} and one line in {@link
 * dev.skipjack.inference.calibration.CalibrationMethods}; what it can use is in {@link
 * dev.skipjack.inference.calibration.CalibrationRun}, what it finds is a {@link
 * dev.skipjack.inference.calibration.CalibrationResult}.
 */
package dev.skipjack.inference.calibration;
