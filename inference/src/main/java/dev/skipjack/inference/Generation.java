package dev.skipjack.inference;

import dev.skipjack.inference.GenerationResult.FinishReason;
import dev.skipjack.inference.GenerationResult.Timings;
import dev.skipjack.inference.sampling.RepeatPenalty;
import dev.skipjack.inference.sampling.Sampler;
import dev.skipjack.models.tokenizer.TextDecoder;
import java.util.Arrays;

/** One run of {@link Session#generate}: prefill, then decode, sample and stream. */
final class Generation {
  private final Session session;
  private final LanguageModel model;
  private final int vocabularySize;
  private final GenerationRequest request;
  private final GenerationListener listener;
  private final Sampler sampler;
  private final TextDecoder decoder;
  private final StopStrings stops;
  private final StringBuilder text = new StringBuilder();
  private final int limit;

  /** Whether a device takes the most likely token, so that logits never leave it. */
  private final boolean greedy;

  private float[] logits = new float[0];
  private int chosen;
  private int[] tokens;
  private int count;

  /** {@link System#nanoTime} when it began, when the prompt was computed, at the first token. */
  private long start;

  private long prefilled;
  private long first;

  Generation(
      LanguageModel model,
      Session session,
      GenerationRequest request,
      GenerationListener listener) {
    this.session = session;
    this.model = model;
    // A padded embedding has rows that no token names.
    this.vocabularySize =
        Math.min(model.tokenizer().vocabularySize(), model.config().vocabularySize());
    this.request = request;
    this.listener = listener;
    SamplingOptions options = request.sampling();
    this.sampler =
        new Sampler(
            vocabularySize,
            options.temperature(),
            options.topK(),
            options.topP(),
            options.minP(),
            new RepeatPenalty(options.repeatPenalty(), options.repeatLast()),
            options.seed());
    this.greedy = options.isPlainGreedy() && session.choosesGreedily();
    this.decoder = model.tokenizer().newDecoder();
    this.stops = new StopStrings(request.stopStrings());
    int room = session.contextLength() - session.position() - request.prompt().length;
    this.limit = request.maxTokens() == -1 ? room : Math.min(room, request.maxTokens());
    this.tokens = new int[Math.min(limit, 64)];
  }

  GenerationResult run() {
    start = System.nanoTime();
    // The session may hold the beginning of the prompt: it counts like the rest.
    recall(session.tokens());
    recall(request.prompt());
    int before = session.position();
    boolean wanted = prefill();
    prefilled = System.nanoTime();
    first = prefilled;
    int fed = session.position() - before;
    FinishReason reason = wanted ? decode() : FinishReason.CANCELLED;
    if (wanted && !stops.found()) {
      emit(stops.append(decoder.finish()) + stops.finish());
    }
    return result(reason, fed);
  }

  /** Computes the prompt; false if that is no longer wanted. */
  private boolean prefill() {
    int[] prompt = request.prompt();
    if (!session.feedAllButLastBatch(
        prompt, done -> listener.prefill(done) && !Thread.interrupted())) {
      return false;
    }
    if (greedy) {
      chosen = session.feedLastBatchGreedy(prompt);
    } else {
      logits = session.feedLastBatch(prompt);
    }
    return true;
  }

  private FinishReason decode() {
    FinishReason reason = FinishReason.LENGTH;
    boolean running = limit > 0;
    while (running) {
      int token = greedy ? chosen : sampler.sample(logits, 0, vocabularySize);
      record(token);
      if (count == 1) {
        first = System.nanoTime();
      }
      if (!request.ignoreEos() && model.endsGeneration(token)) {
        reason = FinishReason.STOP;
        running = false;
      } else if (!emit(stops.append(decoder.append(token))) || Thread.interrupted()) {
        reason = FinishReason.CANCELLED;
        running = false;
      } else if (stops.found()) {
        reason = FinishReason.STOP;
        running = false;
      } else if (count == limit) {
        running = false;
      }
      if (!running) {
        session.append(token);
      } else if (greedy) {
        chosen = session.feedGreedy(token);
      } else {
        logits = session.feed(token);
      }
    }
    return reason;
  }

  private void recall(int[] said) {
    for (int token : said) {
      // The text is known; the decoder only has to know what the answer continues.
      decoder.append(token);
      sampler.accept(token);
    }
  }

  private void record(int token) {
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.min(limit, 2 * count));
    }
    tokens[count++] = token;
    sampler.accept(token);
  }

  private boolean emit(String piece) {
    text.append(piece);
    return piece.isEmpty() || listener.text(piece);
  }

  private GenerationResult result(FinishReason reason, int promptTokens) {
    Timings timings =
        new Timings(
            promptTokens,
            count,
            (prefilled - start) * 1e-9,
            (first - start) * 1e-9,
            (System.nanoTime() - first) * 1e-9);
    return new GenerationResult(text.toString(), Arrays.copyOf(tokens, count), reason, timings);
  }
}
