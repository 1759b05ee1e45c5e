package dev.skipjack.loader.container;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Tells the operating system how mapped files will be read. These are hints: whatever becomes of
 * them, bytes are the same. Thread-safe.
 */
public interface PageAdvisor {
  /**
   * Pieces will be read in no order, so that pages around a missing one need not come with it.
   *
   * @param mapped memory of a {@link MappedFiles mapped file}
   */
  void scattered(MemorySegment mapped);

  /**
   * Bytes {@code [offset, offset + length)} will be read now: fetches pages that are missing, and
   * does not wait for them. Nothing allocates.
   */
  void soon(MemorySegment mapped, long offset, long length);

  /** That of this system; empty where there is none, or where this JVM may not call it. */
  static Optional<PageAdvisor> ofSystem() {
    return PosixPageAdvisor.find();
  }
}
