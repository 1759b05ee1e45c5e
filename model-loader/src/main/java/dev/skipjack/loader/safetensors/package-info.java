/**
 * The safetensors container: a JSON table of tensors in front of one byte buffer, alone or split
 * over the shards of an index.
 *
 * <p>Format: the README and reference reader of the safetensors project.
 */
package dev.skipjack.loader.safetensors;
