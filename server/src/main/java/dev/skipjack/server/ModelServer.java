package dev.skipjack.server;

import com.sun.net.httpserver.HttpServer;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.models.chat.ChatFormat;
import dev.skipjack.server.api.Answering;
import dev.skipjack.server.api.ChatEndpoint;
import dev.skipjack.server.api.ChatPage;
import dev.skipjack.server.api.CompletionEndpoint;
import dev.skipjack.server.api.ModelEndpoints;
import dev.skipjack.server.api.ServiceEndpoints;
import dev.skipjack.server.api.TokenEndpoints;
import dev.skipjack.server.http.AccessGuard;
import dev.skipjack.server.http.Route;
import dev.skipjack.server.http.Router;
import dev.skipjack.server.metrics.Metrics;
import dev.skipjack.server.schedule.SessionPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A model that answers over HTTP, by the OpenAI API and a few endpoints beside it; {@code GET /} is
 * a page to chat with it.
 *
 * {@snippet :
 * try (LanguageModel model = LanguageModel.load(path, LoadOptions.DEFAULTS);
 *     ModelServer server = ModelServer.start(model, ServerOptions.DEFAULTS)) {
 *   System.out.println("listening on " + server.address());
 *   System.in.read();
 * }
 * }
 *
 * <p>Requests are answered by {@link ServerOptions#parallel} sessions, in the order of their
 * arrival. A session that already holds the beginning of a prompt does not compute it again.
 *
 * <p>Pages of other sites cannot use the server through a visitor's browser: requests with a
 * foreign {@code Origin} are refused, and on a loopback address those with a {@code Host} that does
 * not name one.
 *
 * <p>Thread-safe. Set the system property {@code sun.net.httpserver.nodelay} to {@code true} before
 * the first server starts: otherwise the system may hold back small parts of a streamed answer.
 */
public final class ModelServer implements AutoCloseable {
  /** How long answers that were cancelled have to say so before their connections are cut. */
  private static final int PATIENCE_SECONDS = 1;

  private final HttpServer http;
  private final ExecutorService threads;
  private final SessionPool sessions;
  private final String modelId;

  private ModelServer(
      HttpServer http, ExecutorService threads, SessionPool sessions, String modelId) {
    this.http = http;
    this.threads = threads;
    this.sessions = sessions;
    this.modelId = modelId;
  }

  /**
   * Begins to answer.
   *
   * @param model stays the caller's, who closes it after the server
   * @throws UnknownHostException if there is no such host
   * @throws java.net.BindException if the port is in use, or the address is not this machine's
   * @throws IOException if the system refuses for another reason
   * @throws dev.skipjack.loader.container.ModelFormatException if the model's chat templates cannot
   *     be read
   */
  public static ModelServer start(LanguageModel model, ServerOptions options) throws IOException {
    return start(model, options, new SessionPool(model, options.parallel(), options.queue()));
  }

  /** Begins to answer with sessions that are closed with the server. */
  static ModelServer start(LanguageModel model, ServerOptions options, SessionPool sessions)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException(options.host());
    }
    ChatFormat format = model.chatFormat();
    String id = idOf(model);
    Metrics metrics = new Metrics();
    boolean loopback = address.getAddress().isLoopbackAddress();
    AccessGuard guard =
        new AccessGuard(
            loopback ? Optional.of(options.host()) : Optional.empty(), options.apiKey());
    Router router = new Router(routes(model, id, format, sessions, metrics), guard, metrics);
    HttpServer http = HttpServer.create(address, 0);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    http.createContext("/", router);
    http.setExecutor(threads);
    http.start();
    return new ModelServer(http, threads, sessions, id);
  }

  private static List<Route> routes(
      LanguageModel model, String id, ChatFormat format, SessionPool sessions, Metrics metrics) {
    Answering answering = new Answering(model, sessions, metrics);
    ModelEndpoints models = new ModelEndpoints(id);
    TokenEndpoints tokens = new TokenEndpoints(model);
    ServiceEndpoints service = new ServiceEndpoints(sessions, metrics);
    return List.of(
        Route.post("/v1/chat/completions", new ChatEndpoint(answering, format, id)),
        Route.post("/v1/completions", new CompletionEndpoint(answering, id)),
        Route.get("/v1/models", models::list),
        Route.get(ModelEndpoints.FOLDER + "*", models::one),
        Route.post("/tokenize", tokens::tokenize),
        Route.post("/detokenize", tokens::detokenize),
        Route.get("/metrics", service::metrics),
        Route.open("/health", service::health),
        Route.open("/", new ChatPage()));
  }

  /** The name of the file without its folder. */
  private static String idOf(LanguageModel model) {
    String source = model.source();
    if (source.startsWith(LanguageModel.BUNDLED_NAME + " ")) {
      return LanguageModel.BUNDLED_NAME;
    }
    Path name = Path.of(source).toAbsolutePath().normalize().getFileName();
    return name == null ? source : name.toString();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return http.getAddress();
  }

  /** What the model is called in answers. */
  public String modelId() {
    return modelId;
  }

  /**
   * Stops to listen, ends answers under way at their next token or batch of prompt tokens, and
   * frees the sessions. When it returns nothing uses the model any more.
   */
  @Override
  public void close() {
    sessions.cancel();
    http.stop(PATIENCE_SECONDS);
    sessions.close();
    threads.close();
  }
}
