package dev.skipjack.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleFinder;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The answer to {@code --version}: Skipjack, the JVM, what it would compute with. */
final class Version implements IVersionProvider {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  @Override
  public String[] getVersion() throws IOException {
    Properties build = build();
    String revision = build.getProperty("revision");
    return new String[] {
      "skipjack "
          + build.getProperty("version")
          + (revision.isEmpty() ? "" : " (" + revision + ")"),
      "JDK %s, %s".formatted(Runtime.version(), System.getProperty("java.vm.vendor")),
      "%s %s, %d processors, %s"
          .formatted(
              System.getProperty("os.name"),
              System.getProperty("os.arch"),
              Runtime.getRuntime().availableProcessors(),
              ModuleFinder.ofSystem().find(VECTOR_MODULE).isPresent()
                  ? "Vector API available"
                  : "no Vector API in this JDK: scalar kernels only")
    };
  }

  /** The git revision this was built from; empty when the build did not say. */
  static String revision() throws IOException {
    return build().getProperty("revision");
  }

  private static Properties build() throws IOException {
    Properties build = new Properties();
    try (InputStream properties = Version.class.getResourceAsStream("build.properties")) {
      build.load(properties);
    }
    return build;
  }
}
