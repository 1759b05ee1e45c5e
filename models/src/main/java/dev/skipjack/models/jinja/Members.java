package dev.skipjack.models.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Attributes, items and slices: everything that can be reached from a value. */
final class Members {
  private final Evaluation evaluation;

  Members(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  /** {@code owner.name}: a method or attribute if there is one, else the item of that name. */
  Value attribute(Value owner, String name) {
    Comparison.failIfUndefined(owner);
    return own(owner, name)
        .or(() -> owner instanceof DictValue dict ? dict.get(name) : Optional.empty())
        .orElseGet(() -> Value.Undefined.member(owner, name));
  }

  /** {@code owner[key]}: the item if there is one, else the method or attribute of that name. */
  Value item(Value owner, Value key) {
    Comparison.failIfUndefined(owner);
    Optional<Value> item =
        switch (owner) {
          case DictValue dict when key instanceof Value.Scalar || key instanceof Text ->
              key instanceof Value.Undefined ? Optional.empty() : dict.get(key);
          case ListValue list -> position(key, list.items().size()).map(list.items()::get);
          case Text text ->
              position(key, evaluation.length(text)).map(index -> character(text, index));
          default -> Optional.empty();
        };
    return item.or(() -> key instanceof Text name ? own(owner, name.string()) : Optional.empty())
        .orElseGet(() -> Value.Undefined.member(owner, evaluation.print(key).string()));
  }

  /** The value behind a dotted path such as {@code function.name} or {@code 0.text}. */
  Value path(Value owner, Value path) {
    if (!(path instanceof Text text)) {
      return item(owner, path);
    }
    Value reached = owner;
    for (String part : text.string().split("\\.", -1)) {
      boolean index = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
      Value key = index ? new Value.Int(new BigInteger(part)) : Text.trusted(part);
      reached = item(reached, key);
    }
    return reached;
  }

  private Optional<Value> own(Value owner, String name) {
    return switch (owner) {
      case Text text -> TextMethods.TABLE.method(name, owner, evaluation);
      case DictValue dict -> CollectionMethods.DICT.method(name, owner, evaluation);
      case ListValue list ->
          list.named(name)
              .or(
                  () ->
                      (list.isTuple() ? CollectionMethods.TUPLE : CollectionMethods.LIST)
                          .method(name, owner, evaluation));
      case ObjectValue object -> object.attribute(name);
      default -> Optional.empty();
    };
  }

  private static Optional<Integer> position(Value key, int length) {
    return Numbers.integer(key)
        .map(Numbers::clamp)
        .map(index -> index < 0 ? index + length : index)
        .filter(index -> index >= 0 && index < length);
  }

  private Text character(Text text, int index) {
    int from = text.offset(index);
    return text.range(from, from + Character.charCount(text.string().codePointAt(from)));
  }

  /** {@code owner[start:stop:step]} with Python's defaults and clamping. */
  Value slice(Value owner, Optional<Value> start, Optional<Value> stop, Optional<Value> step) {
    Comparison.failIfUndefined(owner);
    long stride = bound(step).orElse(1);
    if (stride == 0) {
      throw new TemplateException("a slice cannot have step 0");
    }
    int length = owner instanceof Text || owner instanceof ListValue ? evaluation.length(owner) : 0;
    long first = clamp(bound(start), length, stride, stride > 0 ? 0 : length - 1L);
    long end = clamp(bound(stop), length, stride, stride > 0 ? length : -1L);
    return switch (owner) {
      case Text text when stride == 1 ->
          text.range(text.offset((int) first), text.offset((int) Math.max(first, end)));
      case Text text -> {
        TextBuilder sliced = evaluation.builder();
        picked(evaluation.iterate(text), first, end, stride)
            .forEach(character -> sliced.append((Text) character));
        yield sliced.toText();
      }
      case ListValue list -> list.with(picked(list.items(), first, end, stride));
      default -> new Value.Undefined("a " + owner.typeName() + " cannot be sliced");
    };
  }

  private List<Value> picked(List<Value> items, long first, long end, long stride) {
    long count = Math.max(0, (end - first + stride - Long.signum(stride)) / stride);
    evaluation.budget().collection(count);
    return LongStream.range(0, count).mapToObj(i -> items.get((int) (first + i * stride))).toList();
  }

  private static Optional<Integer> bound(Optional<Value> value) {
    return value
        .filter(v -> v != Value.None.NONE)
        .map(
            v ->
                Numbers.integer(v)
                    .map(Numbers::clamp)
                    .orElseThrow(
                        () ->
                            new TemplateException(
                                "a slice needs integers, not a " + v.typeName())));
  }

  private static long clamp(Optional<Integer> bound, int length, long stride, long absent) {
    if (bound.isEmpty()) {
      return absent;
    }
    long position = bound.get() < 0 ? (long) bound.get() + length : bound.get();
    long lowest = stride > 0 ? 0 : -1;
    long highest = stride > 0 ? length : length - 1L;
    return Math.clamp(position, lowest, Math.max(lowest, highest));
  }
}
