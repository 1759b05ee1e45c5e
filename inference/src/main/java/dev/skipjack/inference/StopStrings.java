package dev.skipjack.inference;

import java.util.List;

/**
 * Watches streamed text for stop strings. Text that may be the beginning of one is held back until
 * it is certain; the stop string itself never comes out.
 */
final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  StopStrings(List<String> stops) {
    this.stops = stops;
  }

  /** The text that is certain now. */
  String append(String text) {
    held.append(text);
    int stop = firstStop();
    if (stop >= 0) {
      found = true;
      held.setLength(stop);
      return finish();
    }
    int certain = held.length() - longestBeginning();
    String released = held.substring(0, certain);
    held.delete(0, certain);
    return released;
  }

  /** Whether a stop string was completed. */
  boolean found() {
    return found;
  }

  /** Everything still held back. */
  String finish() {
    String rest = held.toString();
    held.setLength(0);
    return rest;
  }

  private int firstStop() {
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    return first;
  }

  /** Length of the longest end of the held text that a stop string starts with. */
  private int longestBeginning() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
