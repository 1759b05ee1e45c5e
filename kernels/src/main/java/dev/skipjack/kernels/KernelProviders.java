package dev.skipjack.kernels;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/**
 * Chooses the {@link KernelProvider} of this process, once.
 *
 * <p>The system property {@value #PROPERTY} is {@code auto} (the default: Vector API kernels when
 * this JVM can run them, else scalar with a warning that names the remedy), {@code scalar}, or
 * {@code vector} (an error when this JVM cannot run them).
 *
 * <p>Implementations are found by class name: no class that needs {@code jdk.incubator.vector} is
 * touched unless that module is there.
 */
public final class KernelProviders {
  /** Names the provider to use. */
  public static final String PROPERTY = "skipjack.provider";

  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final String SCALAR = "dev.skipjack.kernels.scalar.ScalarKernelProvider";
  private static final String VECTOR = "dev.skipjack.kernels.vector.VectorKernelProvider";
  private static final Logger LOGGER = System.getLogger(KernelProviders.class.getName());

  private KernelProviders() {}

  /**
   * The provider of this process.
   *
   * @throws UnsupportedOperationException if {@value #PROPERTY} asks for what this JVM cannot run
   * @throws IllegalArgumentException if it names no provider
   */
  public static KernelProvider get() {
    return Chosen.PROVIDER;
  }

  /** One line for people: provider, vector width, JDK. */
  public static String describe() {
    KernelProvider provider = get();
    String width = provider.vectorBits() == 0 ? "" : " " + provider.vectorBits() + "-bit";
    return "%s%s kernels, JDK %s".formatted(provider.name(), width, Runtime.version());
  }

  /**
   * A new provider by name, with the meaning of {@value #PROPERTY}.
   *
   * @throws UnsupportedOperationException if this JVM cannot run it
   * @throws IllegalArgumentException if the name is unknown
   */
  public static KernelProvider create(String name) {
    return switch (name) {
      case "scalar" -> load(SCALAR);
      case "vector" -> loadVector();
      case "auto" -> {
        try {
          yield loadVector();
        } catch (UnsupportedOperationException e) {
          LOGGER.log(Level.WARNING, "Using slow scalar kernels. {0}", e.getMessage());
          yield load(SCALAR);
        }
      }
      default ->
          throw new IllegalArgumentException(
              "%s=%s: expected auto, scalar or vector".formatted(PROPERTY, name));
    };
  }

  private static KernelProvider loadVector() {
    vectorRefusal()
        .ifPresent(
            reason -> {
              throw new UnsupportedOperationException("No vector kernels: " + reason);
            });
    return load(VECTOR);
  }

  /** Why this JVM cannot run the Vector API kernels well, with the remedy. */
  private static Optional<String> vectorRefusal() {
    Optional<Module> vectorModule = ModuleLayer.boot().findModule(VECTOR_MODULE);
    if (vectorModule.isEmpty()) {
      return Optional.of("the Vector API is not loaded; pass --add-modules " + VECTOR_MODULE);
    }
    Module own = KernelProviders.class.getModule();
    if (!own.canRead(vectorModule.get())) {
      return Optional.of(
          "%s may not read the Vector API; pass --add-reads %s=%s"
              .formatted(own, own.getName(), VECTOR_MODULE));
    }
    String mode = System.getProperty("java.vm.info", "");
    if (mode.contains("interpreted mode") || mode.contains("emulated-client")) {
      return Optional.of(
          "the optimising compiler is off (%s); remove -Xint and -XX:TieredStopAtLevel"
              .formatted(mode));
    }
    return Optional.empty();
  }

  private static KernelProvider load(String className) {
    try {
      return (KernelProvider) Class.forName(className).getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof UnsupportedOperationException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(className + " failed to start", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(className + " is not part of this build", e);
    }
  }

  /** Initialised by the first {@link #get()}. */
  private static final class Chosen {
    private static final KernelProvider PROVIDER = create(System.getProperty(PROPERTY, "auto"));
  }
}
