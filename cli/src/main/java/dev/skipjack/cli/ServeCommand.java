package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.server.ModelServer;
import dev.skipjack.server.ServerOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code skipjack serve}: answers over HTTP until it is interrupted. */
@Command(
    name = "serve",
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "Options:%n",
    header = "Serve a model over HTTP, by the OpenAI API and with a chat page.",
    description = {
      "",
      "Runs until Ctrl-C. With --json, standard output gets one object with the URL and the name of"
          + " the model once requests are answered. Pages of other sites cannot use the server"
          + " through a browser.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  skipjack serve",
      "  skipjack serve -m model.gguf --port 9000 --parallel 4",
      "  SKIPJACK_API_KEY=secret skipjack serve -m model.gguf --host 0.0.0.0"
    })
final class ServeCommand implements Callable<Integer> {
  /**
   * Read by the JDK's server when the first one starts. Without it the system holds back small
   * parts of a stream until the client has confirmed the ones before.
   */
  private static final String NO_DELAY_PROPERTY = "sun.net.httpserver.nodelay";

  private final Streams streams;

  @ArgGroup(validate = false, heading = "%nServer:%n")
  private ServeGroup serving = new ServeGroup();

  @ArgGroup(validate = false, heading = "%nComputation:%n")
  private LoadGroup loading = new LoadGroup();

  @Mixin private ModelOption model;
  @Mixin private OutputOptions output;

  ServeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    ServerOptions serverOptions = serving.options(System.getenv());
    LoadOptions loadOptions = loading.options();
    ModelSource source = model.source();
    if (System.getProperty(NO_DELAY_PROPERTY) == null) {
      System.setProperty(NO_DELAY_PROPERTY, "true");
    }
    checkAddress(serverOptions);
    try (LanguageModel loaded = source.load(loadOptions);
        Interruption interruption = Interruption.listen();
        ModelServer server = start(loaded, serverOptions)) {
      source.announce(streams);
      output.detail(streams, loaded.compute());
      output.detail(streams, loaded.describeSparsity());
      welcome(server, serverOptions);
      awaitInterrupt();
      interruption.acknowledge();
      return Interruption.EXIT_CODE;
    }
  }

  /** Large models take their time to load; whoever waits for that should get a server. */
  private static void checkAddress(ServerOptions options) throws IOException {
    listening(
        options,
        () -> {
          try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(
                new InetSocketAddress(InetAddress.getByName(options.host()), options.port()));
          }
          return options;
        });
  }

  private static ModelServer start(LanguageModel model, ServerOptions options) throws IOException {
    return listening(options, () -> ModelServer.start(model, options));
  }

  /** Something that listens. */
  @FunctionalInterface
  private interface Listening<T> {
    T open() throws IOException;
  }

  private static <T> T listening(ServerOptions options, Listening<T> place) throws IOException {
    try {
      return place.open();
    } catch (UnknownHostException e) {
      throw new CommandFailure("host " + options.host(), "unknown; choose another with --host", e);
    } catch (BindException e) {
      throw refusal(options, e);
    }
  }

  /** Why the system did not let the server listen, which it tells in its message alone. */
  private static CommandFailure refusal(ServerOptions options, BindException e) {
    String message = "" + e.getMessage();
    if (message.contains("in use")) {
      return new CommandFailure(
          "port " + options.port(), "already in use; choose another with --port", e);
    }
    return message.contains("denied")
        ? new CommandFailure(
            "port " + options.port(), "permission denied; choose one above 1023 with --port", e)
        : new CommandFailure(
            "host " + options.host(), "not of this machine; choose another with --host", e);
  }

  private void welcome(ModelServer server, ServerOptions options) {
    String host = options.host();
    String url =
        "http://%s:%d/"
            .formatted(host.contains(":") ? "[" + host + "]" : host, server.address().getPort());
    if (!server.address().getAddress().isLoopbackAddress() && options.apiKey().isEmpty()) {
      streams.note("warning: whoever reaches this machine can use the model; see --api-key");
    }
    streams.note("listening on %s (model %s); Ctrl-C stops".formatted(url, server.modelId()));
    if (output.json()) {
      new Results(streams.out())
          .json(json -> json.field("url", url).field("model", server.modelId()));
    }
  }

  private static void awaitInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // Ctrl-C: what is left to do is to stop.
    }
  }
}
