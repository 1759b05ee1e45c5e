/**
 * Writes any checkpoint that can be opened as one GGUF file with tensor types of the user's choice.
 *
 * <p>{@link dev.skipjack.models.convert.Converter} is the way in: {@link
 * dev.skipjack.models.convert.ConversionPlan} decides keys, types and row orders, {@link
 * dev.skipjack.models.convert.TensorEncoder} computes the bytes.
 */
package dev.skipjack.models.convert;
