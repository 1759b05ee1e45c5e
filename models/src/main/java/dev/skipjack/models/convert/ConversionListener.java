package dev.skipjack.models.convert;

/** Hears how a conversion goes. All calls come from the converting thread, in order. */
public interface ConversionListener {
  /** Something the user should know about the result. */
  default void warning(String text) {}

  /**
   * Everything is decided and writing begins.
   *
   * @param outputBytes of all tensors together
   */
  default void started(int tensors, long outputBytes) {}

  /**
   * A tensor comes next.
   *
   * @param number from 1 up
   */
  default void tensor(int number, TensorStep step) {}

  /** More bytes of tensors have been written. */
  default void written(long bytes) {}
}
