/**
 * Hugging Face model directories, presented under the names and keys of GGUF so that one
 * description per architecture serves both containers.
 *
 * <p>{@code config.json} becomes keys ({@link dev.skipjack.models.huggingface.Families} says which
 * rules a family follows), tensor names are translated by one table per family ({@link
 * dev.skipjack.models.huggingface.TensorTables}). Query and key rows are never permuted: the key
 * {@code skipjack.rope.layout} says how a file pairs them.
 */
package dev.skipjack.models.huggingface;
