package dev.skipjack.models.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/** Functions that every template can call. */
final class Globals {
  private final Evaluation evaluation;
  private final Map<String, Value> functions = new LinkedHashMap<>();

  private Globals(Evaluation evaluation) {
    this.evaluation = evaluation;
    add("range", Globals::range);
    add("dict", Globals::dict);
    add("namespace", Globals::namespace);
    add("cycler", Globals::cycler);
    add("joiner", Globals::joiner);
    add("raise_exception", Globals::raise);
    add("strftime_now", Globals::formatNow);
  }

  static Map<String, Value> of(Evaluation evaluation) {
    return new Globals(evaluation).functions;
  }

  private void add(String name, BiFunction<Arguments, Evaluation, Value> body) {
    functions.put(name, new Callable(name, arguments -> body.apply(arguments, evaluation)));
  }

  private static Value range(Arguments arguments, Evaluation evaluation) {
    List<BigInteger> bounds = new ArrayList<>();
    for (Value bound : arguments.positional()) {
      Comparison.failIfUndefined(bound);
      bounds.add(
          Numbers.integer(bound)
              .orElseThrow(
                  () -> new TemplateException("range needs integers, not a " + bound.typeName())));
    }
    if (bounds.isEmpty() || bounds.size() > 3 || !arguments.named().isEmpty()) {
      throw new TemplateException("range takes one to three integers");
    }
    long start = bounds.size() == 1 ? 0 : Numbers.clamp(bounds.get(0));
    long stop = Numbers.clamp(bounds.get(bounds.size() == 1 ? 0 : 1));
    long step = bounds.size() == 3 ? Numbers.clamp(bounds.get(2)) : 1;
    if (step == 0) {
      throw new TemplateException("range cannot have step 0");
    }
    long count = Math.max(0, (stop - start + step - Long.signum(step)) / step);
    evaluation.budget().collection(count);
    List<Value> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(Value.Int.of(start + i * step));
    }
    return ListValue.list(numbers);
  }

  private static Value dict(Arguments arguments, Evaluation evaluation) {
    DictValue.Builder dict = new DictValue.Builder(evaluation.budget());
    for (Value source : arguments.positional()) {
      addEntries(source, dict, evaluation);
    }
    arguments.named().forEach(dict::put);
    return dict.build();
  }

  private static void addEntries(Value source, DictValue.Builder dict, Evaluation evaluation) {
    if (source instanceof DictValue other) {
      dict.putAll(other);
      return;
    }
    for (Value pair : evaluation.iterate(source)) {
      List<Value> parts = evaluation.iterate(pair);
      if (parts.size() != 2) {
        throw new TemplateException("dict needs pairs of key and value");
      }
      dict.put(parts.get(0), parts.get(1));
    }
  }

  private static Value namespace(Arguments arguments, Evaluation evaluation) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    if (dict(arguments, evaluation) instanceof DictValue dict) {
      dict.entries()
          .forEach(entry -> attributes.put(evaluation.print(entry.key()).string(), entry.value()));
    }
    return new Namespace(attributes);
  }

  private static Value cycler(Arguments arguments, Evaluation evaluation) {
    if (arguments.positional().isEmpty()) {
      throw new TemplateException("cycler needs something to cycle through");
    }
    return new Cycler(arguments.positional());
  }

  /** Nothing on the first call, the separator on all others. */
  private static Value joiner(Arguments arguments, Evaluation evaluation) {
    Value separator = arguments.bind("joiner", List.of("sep")).value("sep", Text.trusted(", "));
    AtomicBoolean used = new AtomicBoolean();
    return new Callable("joiner", ignored -> used.getAndSet(true) ? separator : Text.EMPTY);
  }

  private static Value raise(Arguments arguments, Evaluation evaluation) {
    Value message = arguments.bind("raise_exception", List.of("message")).require("message");
    throw new TemplateException(evaluation.print(message).string());
  }

  private static Value formatNow(Arguments arguments, Evaluation evaluation) {
    Text format = arguments.bind("strftime_now", List.of("format")).text("format");
    return Text.of(Strftime.format(format.string(), evaluation.now()), format.isTrusted());
  }

  /** Goes round a list of values, one per call of {@code next}. */
  private static final class Cycler implements ObjectValue {
    private final List<Value> values;
    private int position;

    Cycler(List<Value> values) {
      this.values = List.copyOf(values);
    }

    @Override
    public Optional<Value> attribute(String name) {
      return switch (name) {
        case "current" -> Optional.of(values.get(position));
        case "next" -> Optional.of(new Callable("next", ignored -> next()));
        case "reset" -> Optional.of(new Callable("reset", ignored -> reset()));
        default -> Optional.empty();
      };
    }

    private Value next() {
      Value current = values.get(position);
      position = (position + 1) % values.size();
      return current;
    }

    private Value reset() {
      position = 0;
      return Value.None.NONE;
    }

    @Override
    public String typeName() {
      return "Cycler";
    }
  }
}
