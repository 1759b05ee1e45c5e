package dev.skipjack.kernels.tornado.graph;

/**
 * How a decoder becomes graphs.
 *
 * @param batch most tokens in a step
 * @param context most positions of a conversation
 * @param choices tokens that can be chosen: the first so many of the vocabulary
 */
public record GraphOptions(
    KernelForm form, FeedForwardMode mode, int batch, int context, int choices) {}
