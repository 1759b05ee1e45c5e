package dev.skipjack.server.schedule;

/** Hears how an answer comes about. Called on the thread of the session that makes it. */
public interface AnswerListener {
  /**
   * The session begins, or has computed another part of a long prompt.
   *
   * @return false to cancel
   */
  boolean progress();

  /**
   * More text is certain.
   *
   * @return false to cancel
   */
  boolean text(String piece);
}
