package dev.skipjack.inference;

import dev.skipjack.inference.decoder.Decoder;
import dev.skipjack.inference.decoder.DeviceShare;
import dev.skipjack.inference.decoder.ForwardPass;
import dev.skipjack.inference.device.DeviceOptions;
import dev.skipjack.inference.device.DeviceRequest;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.feedforward.NeuronOptions;
import dev.skipjack.inference.feedforward.ResolvedMethod;
import dev.skipjack.inference.input.InputMethods;
import dev.skipjack.inference.input.InputSparsity;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.PackingProvider;
import dev.skipjack.kernels.PagingProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.MappedFiles;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.PageAdvisor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.architecture.DescribeOptions;
import dev.skipjack.models.bundled.BundledModel;
import dev.skipjack.models.chat.ChatFormat;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.ModelConfig;
import dev.skipjack.models.tokenizer.AbsentTokenizer;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A loaded language model: the way in for programs.
 *
 * {@snippet :
 * try (LanguageModel model = LanguageModel.load(path, LoadOptions.DEFAULTS);
 *     Session session = model.newSession()) {
 *   int[] prompt = model.tokenizer().encode("Once upon a time", SpecialTokens.PROMPT);
 *   session.generate(
 *       new GenerationRequest(prompt, 100, SamplingOptions.GREEDY, List.of(), false),
 *       text -> {
 *         System.out.print(text);
 *         return true;
 *       });
 * }
 * }
 *
 * <p>Immutable and thread-safe. Sessions share its weights and its threads; their steps take turns.
 * Close the sessions first.
 */
public final class LanguageModel implements AutoCloseable {
  /** The name of the model inside the jar. */
  public static final String BUNDLED_NAME = BundledModel.NAME;

  /** Bytes of the keys and values of one position. */
  public long cacheBytesPerToken() {
    return MemoryNeeds.cacheBytesPerToken(spec(), kernels.cache(cacheType));
  }

  /** See {@link ThreadTeam#timeWaits}. */
  public void timeWaits(boolean on) {
    team.timeWaits(on);
  }

  /** See {@link ThreadTeam#waitedNanos}. */
  public long waitedNanos() {
    return team.waitedNanos();
  }

  /**
   * Most tokens that a session computes together; longer prompts go through the layers in pieces.
   * What a panel of weights meets of so many stays in a core's second-level cache.
   */
  static final int MAX_BATCH = 256;

  private final ModelFile file;
  private final Tokenizer tokenizer;
  private final long[] endings;
  private final KernelProvider kernels;
  private final Optional<PackingProvider> packed;
  private final Optional<InputSparsity> inputs;
  private final FeedForwards feedForwards;
  private final SparsityMode sparsity;
  private final Optional<DeviceShare> device;
  private final Decoder decoder;
  private final ThreadTeam team;
  private final int contextLength;
  private final TensorType cacheType;

  /**
   * @param advisor is told what is read of a file that does not stay in memory
   */
  private LanguageModel(ModelFile file, LoadOptions options, Optional<PageAdvisor> advisor) {
    this.file = file;
    DecoderSpec spec =
        Architectures.describe(
            file, new DescribeOptions(options.activation(), options.contextLength()));
    int vocabularySize = spec.config().vocabularySize();
    this.tokenizer =
        Checkpoints.hasTokenizer(file)
            ? Checkpoints.tokenizer(file)
            : new AbsentTokenizer(file.source(), vocabularySize);
    this.endings = file.metadata().integers("skipjack.eos_token_ids").orElse(new long[0]);
    this.kernels = KernelProviders.get();
    this.contextLength =
        options.contextLength() == 0 ? spec.config().contextLength() : options.contextLength();
    this.cacheType = options.cacheType().resolve(spec);
    this.team =
        new ThreadTeam(options.threads() == 0 ? ThreadTeam.defaultThreads() : options.threads());
    this.packed =
        options.repack().applies(file)
            ? Optional.of(new PackingProvider(kernels, team))
            : Optional.empty();
    SparsityMode wish = options.sparsity();
    KernelProvider weights =
        packed
            .<KernelProvider>map(packing -> packing)
            .or(() -> advisor.map(advised -> new PagingProvider(kernels, advised)))
            .orElse(kernels);
    Optional<DeviceShare> loaded = Optional.empty();
    Optional<InputSparsity> maps = Optional.empty();
    try {
      loaded = options.device().flatMap(wanted -> loadDevice(wanted, spec, wish, weights));
      this.device = loaded;
      int hostLayers = device.map(DeviceShare::firstLayer).orElseGet(() -> spec.layers().size());
      DecoderSpec host = spec.withLayers(spec.layers().subList(0, hostLayers));
      SparsityMode own = hostMode(resolve(wish, host, weights), spec, hostLayers);
      List<ResolvedMethod> methods = own.byLayer(hostLayers);
      Linears linears = Linears.dense(weights);
      if (methods.stream().anyMatch(method -> InputMethods.knows(method.name()))) {
        maps = Optional.of(InputSparsity.of(weights, file, host, methods, team));
        linears = maps.get();
      }
      this.feedForwards =
          FeedForwards.of(
              weights,
              linears,
              host,
              file.metadata(),
              methods,
              new NeuronOptions(options.denseAbove(), options.downType(), advisor.isEmpty()),
              team);
      this.sparsity =
          hostLayers == 0
              ? new SparsityMode(deviceMethod(spec, wish).name(), wish.parameters())
              : own;
      this.inputs = maps;
      this.decoder = new Decoder(weights, spec, linears, feedForwards, hostLayers);
    } catch (RuntimeException | Error e) {
      loaded.ifPresent(DeviceShare::close);
      maps.ifPresent(InputSparsity::close);
      packed.ifPresent(PackingProvider::close);
      team.close();
      throw e;
    }
  }

  /** What {@code auto} means for the layers that have no mode of their own. */
  private SparsityMode resolve(SparsityMode wish, DecoderSpec host, KernelProvider weights) {
    if (!wish.method().equals(SparsityMode.AUTO.method())) {
      return wish;
    }
    List<ResolvedMethod> methods = wish.byLayer(host.layers().size());
    List<LayerSpec> open =
        host.layers().stream()
            .filter(layer -> methods.get(layer.index()).name().equals(wish.method()))
            .toList();
    DecoderSpec rest = host.withLayers(open);
    String method =
        InputSparsity.calibrated(file.metadata(), rest)
            // A device computes neurons only, and one model is computed in one way.
            .filter(calibrated -> device.isEmpty())
            .orElseGet(() -> FeedForwards.best(weights, rest, file.metadata()));
    return wish.withMethod(method, List.of());
  }

  private Optional<DeviceShare> loadDevice(
      DeviceOptions wanted, DecoderSpec spec, SparsityMode wish, KernelProvider weights) {
    if (!wish.isUniform()) {
      throw new IllegalArgumentException(
          "sparsity %s: with a device all layers need the same mode; use one, or --device cpu"
              .formatted(wish));
    }
    int choices = Math.min(tokenizer.vocabularySize(), spec.config().vocabularySize());
    return DeviceShare.load(
        weights, file, spec, wanted, contextLength, choices, deviceMethod(spec, wish), team);
  }

  /** What a device does; what {@code auto} means may be more than a device can. */
  private ResolvedMethod deviceMethod(DecoderSpec spec, SparsityMode wish) {
    var method =
        ResolvedMethod.of(kernels, spec, file.metadata(), wish.method(), wish.parameters());
    return wish.equals(SparsityMode.AUTO) && !DeviceRequest.METHODS.contains(method.name())
        ? ResolvedMethod.DENSE
        : method;
  }

  /** The mode of the first layers: numbers of others do not concern them. */
  private static SparsityMode hostMode(SparsityMode wish, DecoderSpec spec, int layers) {
    if (layers == 0) {
      // What the processor does not compute must not cost it copies of weights.
      return SparsityMode.DENSE;
    }
    if (layers == spec.layers().size()) {
      return wish;
    }
    List<Float> numbers = wish.parameters();
    return numbers.size() == spec.layers().size()
        ? new SparsityMode(wish.method(), numbers.subList(0, layers))
        : wish;
  }

  /**
   * Loads a GGUF file or a Hugging Face directory.
   *
   * @throws dev.skipjack.loader.container.ModelFormatException if it cannot be used as it is
   * @throws IllegalArgumentException if it cannot be computed as the options ask
   */
  public static LanguageModel load(Path path, LoadOptions options) {
    return of(Checkpoints.open(path), options);
  }

  /** Loads the small model inside the jar. */
  public static LanguageModel bundled(LoadOptions options) {
    return of(BundledModel.open(), options);
  }

  /** Takes over an open file, which is closed if it cannot be used. */
  static LanguageModel of(ModelFile file, LoadOptions options) {
    return of(
        file,
        options,
        options.repack().leavesOnDisk(file) ? PageAdvisor.ofSystem() : Optional.empty());
  }

  /**
   * Takes over an open file.
   *
   * @param advisor for a file that does not stay in memory
   */
  static LanguageModel of(ModelFile file, LoadOptions options, Optional<PageAdvisor> advisor) {
    try {
      return new LanguageModel(file, options, advisor);
    } catch (InternalError e) {
      file.close();
      throw MappedFiles.explain(file.source(), e);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** The path it came from, or the name of the bundled model. */
  public String source() {
    return file.source();
  }

  /** Container, metadata and tensors. */
  public ModelFile file() {
    return file;
  }

  public DecoderSpec spec() {
    return decoder.spec();
  }

  public ModelConfig config() {
    return spec().config();
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * How conversations with the model are written: its chat templates, or ChatML if it has none.
   *
   * @throws dev.skipjack.loader.container.ModelFormatException if its templates cannot be read
   */
  public ChatFormat chatFormat() {
    return Checkpoints.chatFormat(file, tokenizer);
  }

  /** How it computes, in one line for people: provider, vector width, threads. */
  public String compute() {
    return KernelProviders.describe()
        + ", threads "
        + team.size()
        + device.map(used -> ", " + used.description()).orElse("");
  }

  /** Threads that compute. */
  public int threads() {
    return team.size();
  }

  /** How sessions store keys and values. */
  public TensorType cacheType() {
    return cacheType;
  }

  /** Most tokens of a conversation. */
  public int contextLength() {
    return contextLength;
  }

  /** Most tokens that a session computes together. */
  public int batchLength() {
    return Math.min(MAX_BATCH, contextLength);
  }

  /** Bytes of weights that were copied into a faster layout. */
  public long packedBytes() {
    return packed.map(PackingProvider::packedBytes).orElse(0L);
  }

  /** Bytes of weights that were copied for the sparsity mode. */
  public long copiedBytes() {
    return feedForwards.copiedBytes() + inputs.map(InputSparsity::copiedBytes).orElse(0L);
  }

  /** The sparsity mode in use: what was asked for, or what {@code auto} chose. */
  public SparsityMode sparsity() {
    return sparsity;
  }

  /** The mode in use and what was done to the weights for it, in one line for people. */
  public String describeSparsity() {
    String description =
        decoder.hostLayers() == 0
            ? "computed by the device"
            : Stream.concat(
                    inputs.map(InputSparsity::description).stream(),
                    Stream.of(feedForwards.description()).filter(text -> !onlyMaps()))
                .collect(Collectors.joining("; "));
    return "%s: %s".formatted(sparsity, description);
  }

  /** Whether inputs are left out and no neurons. */
  private boolean onlyMaps() {
    return inputs.isPresent() && feedForwards.copiedBytes() == 0;
  }

  /**
   * The density of each of the processor's layers above which a token is computed densely, as it
   * was given, measured or estimated; 1 where a layer is always computed in one way.
   */
  public double[] denseAbove() {
    return feedForwards.denseAbove();
  }

  /** Starts an empty conversation. */
  public Session newSession() {
    return new Session(
        this,
        new ForwardPass(
            source(),
            decoder,
            kernels,
            cacheType,
            team,
            batchLength(),
            contextLength,
            device.map(DeviceShare::newSession),
            device.map(DeviceShare::computesLogits).orElse(false)),
        contextLength);
  }

  /** Stops the threads and unmaps the weights. */
  @Override
  public void close() {
    team.close();
    device.ifPresent(DeviceShare::close);
    feedForwards.close();
    packed.ifPresent(PackingProvider::close);
    inputs.ifPresent(InputSparsity::close);
    file.close();
  }

  /** Whether generation stops at a token, by the tokenizer or by the checkpoint's configuration. */
  boolean endsGeneration(int token) {
    for (long ending : endings) {
      if (ending == token) {
        return true;
      }
    }
    return tokenizer.endsGeneration(token);
  }
}
