/**
 * Input sparsity: linear maps that read only the weights of inputs that matter (TEAL, WINA,
 * R-Sparse).
 *
 * <p>Where neuron sparsity skips outputs of gate and up, these skip inputs, of all seven maps of a
 * layer. One token is computed from channel-major copies, whose rows are the weights of one input;
 * batches are computed densely on masked vectors.
 *
 * <p>Which tokens are masked is one decision for all methods: tokens that the caller only sets the
 * scene with (the prompt of a generation, the unscored part of a perplexity window) are not,
 * because first tokens are sensitive and a batch of them saves nothing; generated tokens and tokens
 * whose logits are asked for one by one are.
 */
package dev.skipjack.inference.input;
