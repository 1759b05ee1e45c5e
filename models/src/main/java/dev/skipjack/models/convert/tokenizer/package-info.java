/**
 * Reads the tokenizer files of a Hugging Face directory into GGUF's {@code tokenizer.*} keys: raw
 * vocabulary data only, nothing here tokenizes.
 */
package dev.skipjack.models.convert.tokenizer;
