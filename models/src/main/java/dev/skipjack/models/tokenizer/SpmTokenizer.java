package dev.skipjack.models.tokenizer;

import dev.skipjack.loader.container.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * SentencePiece BPE as GGUF files store it ({@code tokenizer.ggml.model = llama}): spaces become
 * U+2581, characters merge by score, what remains falls back to bytes.
 */
final class SpmTokenizer implements Tokenizer {
  private static final char SPACE = '▁';

  private final Vocabulary vocabulary;
  private final float[] scores;
  private final int[] byteIds = new int[256];
  private final List<Integer> specials = new ArrayList<>();
  private final boolean addBos;
  private final boolean addEos;
  private final boolean addSpacePrefix;
  private final int bos;
  private final int eos;
  private final int unknown;

  SpmTokenizer(Metadata metadata) {
    this.vocabulary = new Vocabulary(metadata);
    this.scores = vocabulary.scores();
    this.addBos = vocabulary.flag("add_bos_token", true);
    this.addEos = vocabulary.flag("add_eos_token", false);
    this.addSpacePrefix = vocabulary.flag("add_space_prefix", true);
    this.bos = vocabulary.special("bos", 1);
    this.eos = vocabulary.special("eos", 2);
    this.unknown = vocabulary.special("unknown", 0);
    Arrays.fill(byteIds, unknown);
    for (int id = 0; id < vocabulary.size(); id++) {
      switch (vocabulary.kind(id)) {
        case BYTE -> byteIds[Utf8TextDecoder.byteValue(vocabulary.piece(id))] = id;
        case CONTROL, USER_DEFINED, UNKNOWN -> specials.add(id);
        default -> {}
      }
    }
    specials.sort(
        (a, b) -> Integer.compare(vocabulary.piece(b).length(), vocabulary.piece(a).length()));
  }

  @Override
  public int[] encode(String text, SpecialTokens special) {
    Ids ids = new Ids();
    if (special.add() && addBos && bos >= 0) {
      ids.add(bos);
    }
    boolean afterSpecial = true;
    for (SpecialPartition.Part part : partition(text, special.parse())) {
      if (part.id() >= 0) {
        ids.add(part.id());
      } else {
        String fragment = addSpacePrefix && afterSpecial ? " " + part.text() : part.text();
        new Merge(fragment.replace(' ', SPACE)).into(ids);
      }
      afterSpecial = part.id() >= 0;
    }
    if (special.add() && addEos && eos >= 0) {
      ids.add(eos);
    }
    return ids.toArray();
  }

  private List<SpecialPartition.Part> partition(String text, boolean parse) {
    SpecialPartition partition = new SpecialPartition(text);
    for (int id : specials) {
      if (parse || vocabulary.kind(id) == Vocabulary.Kind.USER_DEFINED) {
        partition.split(vocabulary.piece(id), id);
      }
    }
    return partition.parts();
  }

  @Override
  public TextDecoder newDecoder() {
    return new Utf8TextDecoder(vocabulary, addSpacePrefix);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public String piece(int id) {
    return vocabulary.piece(id);
  }

  @Override
  public OptionalInt id(String piece) {
    return vocabulary.id(piece);
  }

  @Override
  public OptionalInt bos() {
    return bos < 0 ? OptionalInt.empty() : OptionalInt.of(bos);
  }

  @Override
  public OptionalInt eos() {
    return eos < 0 ? OptionalInt.empty() : OptionalInt.of(eos);
  }

  @Override
  public boolean endsGeneration(int id) {
    return vocabulary.endsGeneration(id);
  }

  @Override
  public String kind() {
    return "SPM";
  }

  /** A growing list of ids. */
  private static final class Ids {
    private int[] values = new int[32];
    private int size;

    void add(int id) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = id;
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }

  /** Two neighbouring symbols that make a piece; higher scores first, then further left. */
  private record Pair(int left, int right, int length, float score) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int byScore = Float.compare(other.score, score);
      return byScore != 0 ? byScore : Integer.compare(left, other.left);
    }
  }

  /** The merging of one fragment: a doubly linked list of symbols, shrinking pair by pair. */
  private final class Merge {
    private final String text;
    private final int[] start;
    private final int[] length;
    private final int[] previous;
    private final int[] next;
    private final int symbols;
    private final PriorityQueue<Pair> queue = new PriorityQueue<>();

    Merge(String text) {
      this.text = text;
      this.symbols = text.codePointCount(0, text.length());
      this.start = new int[symbols];
      this.length = new int[symbols];
      this.previous = new int[symbols];
      this.next = new int[symbols];
      for (int i = 0, at = 0; i < symbols; i++) {
        start[i] = at;
        length[i] = Character.charCount(text.codePointAt(at));
        at += length[i];
        previous[i] = i - 1;
        next[i] = i + 1 < symbols ? i + 1 : -1;
      }
    }

    void into(Ids ids) {
      for (int i = 0; i + 1 < symbols; i++) {
        offer(i, i + 1);
      }
      for (Pair pair = queue.poll(); pair != null; pair = queue.poll()) {
        join(pair);
      }
      for (int i = symbols == 0 ? -1 : 0; i >= 0; i = next[i]) {
        emit(text.substring(start[i], start[i] + length[i]), ids);
      }
    }

    private void join(Pair pair) {
      boolean stale =
          length[pair.left] == 0
              || length[pair.right] == 0
              || length[pair.left] + length[pair.right] != pair.length;
      if (stale) {
        return;
      }
      length[pair.left] = pair.length;
      length[pair.right] = 0;
      int after = next[pair.right];
      next[pair.left] = after;
      if (after >= 0) {
        previous[after] = pair.left;
        offer(pair.left, after);
      }
      if (previous[pair.left] >= 0) {
        offer(previous[pair.left], pair.left);
      }
    }

    private void offer(int left, int right) {
      int total = length[left] + length[right];
      vocabulary
          .id(text.substring(start[left], start[left] + total))
          .ifPresent(id -> queue.add(new Pair(left, right, total, scores[id])));
    }

    private void emit(String symbol, Ids ids) {
      OptionalInt id = vocabulary.id(symbol);
      if (id.isPresent()) {
        ids.add(id.getAsInt());
      } else {
        for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) {
          ids.add(byteIds[b & 255]);
        }
      }
    }
  }
}
