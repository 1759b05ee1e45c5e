package dev.skipjack.cli;

import dev.skipjack.server.ServerOptions;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a model is served, and to whom. */
final class ServeGroup {
  /** Keys on the command line can be read by every user of the machine. */
  static final String KEY_VARIABLE = "SKIPJACK_API_KEY";

  private static final ServerOptions DEFAULTS = ServerOptions.DEFAULTS;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description =
          "Name or address to listen on; 0.0.0.0 for all of this machine (default:"
              + " ${DEFAULT-VALUE}).")
  private String host = DEFAULTS.host();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port = DEFAULTS.port();

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description =
          "What requests must bring as a bearer token (default: the environment variable "
              + KEY_VARIABLE
              + ", or none).")
  private Optional<String> apiKey = Optional.empty();

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description =
          "Most conversations kept at once, each with a cache of its own; further requests wait"
              + " (default: ${DEFAULT-VALUE}).")
  private int parallel = DEFAULTS.parallel();

  /**
   * The chosen options.
   *
   * @throws UsageFailure if one is out of range
   */
  ServerOptions options(Map<String, String> environment) {
    try {
      ServerOptions options = DEFAULTS.withHost(host).withPort(port).withParallel(parallel);
      Optional<String> fallback =
          Optional.ofNullable(environment.get(KEY_VARIABLE)).filter(key -> !key.isEmpty());
      return apiKey.or(() -> fallback).map(options::withApiKey).orElse(options);
    } catch (IllegalArgumentException e) {
      throw new UsageFailure(e);
    }
  }
}
