package dev.skipjack.inference.sampling;

/**
 * Makes recent tokens less likely (CTRL, Keskar et al. 2019): positive logits are divided by the
 * penalty, negative ones multiplied, once per distinct token. Not thread-safe.
 */
public final class RepeatPenalty {
  private final float penalty;
  private final int[] recent;
  private int accepted;

  /**
   * @param penalty 1 is off
   * @param window how many tokens count as recent
   */
  public RepeatPenalty(float penalty, int window) {
    this.penalty = penalty;
    this.recent = new int[window];
  }

  void accept(int token) {
    if (recent.length > 0) {
      recent[accepted % recent.length] = token;
      accepted++;
    }
  }

  void apply(float[] logits, int offset) {
    if (penalty == 1) {
      return;
    }
    int count = Math.min(accepted, recent.length);
    for (int i = 0; i < count; i++) {
      if (isFirst(i)) {
        int index = offset + recent[i];
        logits[index] = logits[index] > 0 ? logits[index] / penalty : logits[index] * penalty;
      }
    }
  }

  private boolean isFirst(int slot) {
    for (int i = 0; i < slot; i++) {
      if (recent[i] == recent[slot]) {
        return false;
      }
    }
    return true;
  }
}
