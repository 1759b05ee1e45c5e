package dev.skipjack.models.chat;

/**
 * A range of a rendered prompt.
 *
 * @param trusted whether the template or the model supplied the text; only in such text does the
 *     spelling of a special token become that token
 */
public record Segment(String text, boolean trusted) {}
