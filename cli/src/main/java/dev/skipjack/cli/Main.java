package dev.skipjack.cli;

/** The process: arguments in, exit code out. */
public final class Main {
  /** The JDK's own logging, in the style of all other notes; read when the first message comes. */
  private static final String LOG_FORMAT_PROPERTY = "java.util.logging.SimpleFormatter.format";

  private static final String LOG_FORMAT = "skipjack: %5$s%n";

  private Main() {}

  public static void main(String[] arguments) {
    if (System.getProperty(LOG_FORMAT_PROPERTY) == null) {
      System.setProperty(LOG_FORMAT_PROPERTY, LOG_FORMAT);
    }
    System.exit(Skipjack.run(Streams.ofProcess(), arguments));
  }
}
