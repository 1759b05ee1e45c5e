package dev.skipjack.server.schedule;

import dev.skipjack.inference.GenerationResult;

/**
 * What a session made of a request.
 *
 * @param cachedTokens tokens of the prompt that the session had computed before
 */
public record Answer(GenerationResult result, int cachedTokens) {}
