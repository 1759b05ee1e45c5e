package dev.skipjack.inference;

import dev.skipjack.inference.decoder.ForwardPass;
import dev.skipjack.inference.layer.Density;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * One conversation: the tokens seen so far, their cached keys and values, and the buffers to
 * continue. Used by one thread at a time; sessions of one model may run on different threads.
 */
public final class Session implements AutoCloseable {
  private static final int NONE = -1;

  private final LanguageModel model;
  private final ForwardPass pass;
  private final int contextLength;
  private final int vocabularySize;
  private final float[] logits;
  private final int[] one = new int[1];

  /** What was fed, in the first {@link #fed} places. */
  private final int[] history;

  private int fed;
  private int pending = NONE;
  private boolean closed;

  Session(LanguageModel model, ForwardPass pass, int contextLength) {
    this.model = model;
    this.pass = pass;
    this.contextLength = contextLength;
    this.vocabularySize = model.config().vocabularySize();
    this.logits = new float[vocabularySize];
    this.history = new int[contextLength];
  }

  /** Tokens in this conversation. */
  public int position() {
    return pending == NONE ? fed : fed + 1;
  }

  /** The tokens of this conversation. */
  int[] tokens() {
    int[] tokens = Arrays.copyOf(history, position());
    if (pending != NONE) {
      tokens[fed] = pending;
    }
    return tokens;
  }

  /** Most tokens the conversation can have. */
  public int contextLength() {
    return contextLength;
  }

  /**
   * Forgets all tokens from {@code position} on.
   *
   * @throws IllegalArgumentException if the position is negative or not yet reached
   */
  public void rewind(int position) {
    if (position < 0 || position > position()) {
      throw new IllegalArgumentException(
          "position: found %d, expected 0 to %d".formatted(position, position()));
    }
    if (position <= fed) {
      fed = position;
      pending = NONE;
    }
  }

  /**
   * Forgets what does not begin a prompt, and as much more as is needed that at least one of its
   * tokens remains to be fed.
   *
   * @return how many of the prompt's tokens the conversation has, which is its position
   */
  public int keepCommon(int[] prompt) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("prompt: found no tokens, expected at least one");
    }
    rewind(Math.min(common(prompt), prompt.length - 1));
    return fed;
  }

  /** How many tokens at the beginning of a prompt the conversation has, and has computed. */
  public int common(int[] prompt) {
    int most = Math.min(fed, prompt.length);
    int mismatch = Arrays.mismatch(history, 0, most, prompt, 0, most);
    return mismatch < 0 ? most : mismatch;
  }

  /**
   * Continues the conversation with tokens and returns the logits after the last.
   *
   * @return {@code [vocabulary]}, this session's buffer: the next call overwrites it
   * @throws IllegalArgumentException if there are no tokens, an id is not in the vocabulary, or the
   *     context would overflow
   */
  public float[] evaluate(int... tokens) {
    check(tokens);
    return feed(tokens);
  }

  /** Continues the conversation with tokens and reports the logits after each of them. */
  public void evaluate(int[] tokens, LogitsListener listener) {
    evaluate(tokens, 0, listener);
  }

  /**
   * Continues the conversation with tokens and reports the logits after each of them but the first
   * {@code silent}. Modes that leave out inputs take the silent tokens for a prompt, which is
   * dense, and compute the others as if they had been generated.
   */
  public void evaluate(int[] tokens, int silent, LogitsListener listener) {
    check(tokens);
    flush();
    boolean prompt = isPrompt(tokens.length);
    for (int start = 0; start < tokens.length; start += pass.batch()) {
      int count = Math.min(pass.batch(), tokens.length - start);
      pass.space().unmasked = Math.clamp(silent - start, 0, count);
      feedBatch(tokens, start, count, prompt, false);
      report(Math.max(0, silent - start), count, listener);
    }
  }

  /** Computes and reports the logits of tokens {@code [from, count)} of the batch fed last. */
  private void report(int from, int count, LogitsListener listener) {
    for (int first = from; first < count; first += Workspace.LOGIT_ROWS) {
      int rows = Math.min(Workspace.LOGIT_ROWS, count - first);
      pass.logits(first, rows);
      for (int i = 0; i < rows; i++) {
        System.arraycopy(pass.space().logits, i * vocabularySize, logits, 0, vocabularySize);
        listener.logits(fed - count + first + i, logits);
      }
    }
  }

  /**
   * Continues the conversation with the request's prompt and generates. The listener, or an
   * interrupt of the thread, can end it before every batch of the prompt and after every token.
   *
   * @param listener hears the text while it appears
   * @throws IllegalArgumentException if a prompt id is not in the vocabulary or the context has no
   *     room for the prompt
   */
  public GenerationResult generate(GenerationRequest request, GenerationListener listener) {
    check(request.prompt());
    return new Generation(model, this, request, listener).run();
  }

  /** What the feed-forward networks computed since the session began. */
  public FeedForwardStatistics feedForward() {
    String mode = model.sparsity().toString();
    Optional<InputStatistics> inputs = inputs();
    Density density = pass.space().density;
    double[] layers = new double[density.layers() - pass.deviceLayers()];
    // A layer leaves out neurons or inputs, or neither.
    Arrays.setAll(
        layers,
        layer ->
            density.of(Stage.DOWN, layer)
                * inputs.map(statistics -> statistics.neurons()[layer]).orElse(1.0));
    return new FeedForwardStatistics(
        mode,
        Arrays.stream(layers).average().orElse(1),
        layers,
        density.mean(Stage.GATE, layers.length),
        density.mean(Stage.UP, layers.length),
        inputs.map(InputStatistics::density).orElse(1.0),
        density.bytesRead() - inputs.map(InputStatistics::feedForwardBytesSkipped).orElse(0L),
        density.bytesTotal(),
        pass.deviceLayers());
  }

  /** What the linear maps read since the session began, if the mode leaves out inputs. */
  public Optional<InputStatistics> inputs() {
    return pass.space().inputs.map(space -> new InputStatistics(space.counts()));
  }

  /** Frees the cache; the session cannot be used again. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pass.close();
    }
  }

  /** Feeds one generated token. */
  float[] feed(int token) {
    one[0] = token;
    return feed(one);
  }

  /** Makes a token part of the conversation; it is computed when something follows it. */
  void append(int token) {
    flush();
    pending = token;
  }

  private void flush() {
    if (pending != NONE) {
      int token = pending;
      pending = NONE;
      one[0] = token;
      boolean prompt = isPrompt(1);
      pass.space().unmasked = prompt ? 1 : 0;
      feedBatch(one, 0, 1, prompt, false);
    }
  }

  /** Whether {@link #feedGreedy} can be used: a device chooses, and only the token comes back. */
  boolean choosesGreedily() {
    return pass.choosesGreedily();
  }

  /** Feeds the last batch of tokens and returns the one with the largest logit after them. */
  int feedLastBatchGreedy(int[] tokens) {
    boolean prompt = isPrompt(tokens.length);
    int start = lastBatch(tokens);
    int count = tokens.length - start;
    pass.space().unmasked = prompt ? count : 0;
    int chosen = pass.feedGreedy(tokens, start, count, fed, prompt);
    remember(tokens, start, count);
    return chosen;
  }

  /** Feeds one generated token and returns the next. */
  int feedGreedy(int token) {
    one[0] = token;
    flush();
    return feedLastBatchGreedy(one);
  }

  private float[] feed(int[] tokens) {
    feedAllButLastBatch(tokens, done -> true);
    return feedLastBatch(tokens);
  }

  /** Feeds the last batch of tokens and returns the logits after them. */
  float[] feedLastBatch(int[] tokens) {
    boolean prompt = isPrompt(tokens.length);
    int start = lastBatch(tokens);
    int count = tokens.length - start;
    pass.space().unmasked = prompt ? count : 0;
    feedBatch(tokens, start, count, prompt, true);
    System.arraycopy(pass.space().logits, 0, logits, 0, vocabularySize);
    return logits;
  }

  /**
   * Feeds tokens but for their last batch, which must follow.
   *
   * @param goOn asked before every batch, the last one included, with the number of tokens fed
   * @return false if it said no
   */
  boolean feedAllButLastBatch(int[] tokens, IntPredicate goOn) {
    flush();
    int batch = pass.batch();
    int last = lastBatch(tokens);
    for (int start = 0; goOn.test(start); start += batch) {
      if (start == last) {
        return true;
      }
      // More than one batch: always a prompt.
      pass.space().unmasked = batch;
      feedBatch(tokens, start, batch, true, false);
    }
    return false;
  }

  private int lastBatch(int[] tokens) {
    int batch = pass.batch();
    return (tokens.length - 1) / batch * batch;
  }

  /** Single tokens continue a conversation; all others, and whatever begins it, are prompts. */
  private boolean isPrompt(int count) {
    return count > 1 || fed == 0;
  }

  private void feedBatch(int[] tokens, int start, int count, boolean prompt, boolean wantLogits) {
    pass.feed(tokens, start, count, fed, prompt, wantLogits);
    remember(tokens, start, count);
  }

  private void remember(int[] added, int start, int count) {
    System.arraycopy(added, start, history, fed, count);
    fed += count;
  }

  private void check(int[] tokens) {
    if (closed) {
      throw new IllegalStateException("this session is closed");
    }
    if (tokens.length == 0) {
      throw new IllegalArgumentException("tokens: found none, expected at least one");
    }
    if (tokens.length > contextLength - position()) {
      throw new IllegalArgumentException(
          "context: found %d tokens after %d, expected at most %d in all; use a longer context or a shorter prompt"
              .formatted(tokens.length, position(), contextLength));
    }
    for (int token : tokens) {
      if (token < 0 || token >= vocabularySize) {
        throw new IllegalArgumentException(
            "token id: found %d, expected 0 to %d".formatted(token, vocabularySize - 1));
      }
    }
  }
}
