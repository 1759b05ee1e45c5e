package dev.skipjack.cli;

/** The process: arguments in, exit code out. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Skipjack.run(Streams.ofProcess(), arguments));
  }
}
