package dev.skipjack.bench.roofline;

import java.util.List;

/**
 * How fast work can be done that needs so many multiply-adds for each byte it reads: the lower of
 * what memory delivers and what arithmetic does (Williams, Waterman and Patterson, "Roofline", CACM
 * 52(4), 2009).
 *
 * @param title what was measured where
 * @param bytesPerSecond streaming bandwidth
 */
public record Roofline(
    String title, double bytesPerSecond, List<Ceiling> ceilings, List<Point> points) {
  public Roofline {
    ceilings = List.copyOf(ceilings);
    points = List.copyOf(points);
  }

  /**
   * What one kind of arithmetic reaches when its operands are in a cache.
   *
   * @param macsPerSecond multiply-adds per second
   */
  public record Ceiling(String name, double macsPerSecond) {}

  /**
   * A measured workload.
   *
   * @param macsPerByte multiply-adds for each byte of weights and cache that it reads
   * @param macsPerSecond multiply-adds per second
   */
  public record Point(String name, double macsPerByte, double macsPerSecond) {}

  /** Multiply-adds per second that memory allows. */
  double slope(double macsPerByte) {
    return bytesPerSecond * macsPerByte;
  }

  /** Multiply-adds for each byte at which a ceiling meets the slope. */
  double ridge(Ceiling ceiling) {
    return ceiling.macsPerSecond() / bytesPerSecond;
  }
}
