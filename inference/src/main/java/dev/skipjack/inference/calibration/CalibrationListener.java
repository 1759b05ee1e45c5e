package dev.skipjack.inference.calibration;

/** Hears how a calibration goes. All calls come from the calibrating thread, in order. */
public interface CalibrationListener {
  /** Hears nothing. */
  CalibrationListener SILENT = new CalibrationListener() {};

  /** Something the user should know about the result. */
  default void warning(String text) {}

  /** What has just been found, for whoever wants to follow. */
  default void detail(String text) {}

  /**
   * A stretch of work begins; it ends where the next begins.
   *
   * @param steps how often {@link #advanced} will be told of one
   */
  default void phase(String name, long steps) {}

  /**
   * More of the current stretch is done.
   *
   * @param state how good it is so far, in a few words; may be empty
   */
  default void advanced(long steps, String state) {}
}
