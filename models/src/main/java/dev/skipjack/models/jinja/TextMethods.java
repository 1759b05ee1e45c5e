package dev.skipjack.models.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** The methods of strings. */
final class TextMethods {
  static final NativeTable TABLE =
      new NativeTable()
          .add("upper", (s, a, e) -> TextCase.upper(text(s), e.budget()))
          .add("lower", (s, a, e) -> TextCase.lower(text(s), e.budget()))
          .add("casefold", (s, a, e) -> TextCase.lower(text(s), e.budget()))
          .add("swapcase", (s, a, e) -> TextCase.swap(text(s), e.budget()))
          .add("title", (s, a, e) -> TextCase.title(text(s), e.budget()))
          .add("capitalize", (s, a, e) -> TextCase.capitalize(text(s), e.budget()))
          .add("strip", (s, a, e) -> strip(s, a, true, true), "chars")
          .add("lstrip", (s, a, e) -> strip(s, a, true, false), "chars")
          .add("rstrip", (s, a, e) -> strip(s, a, false, true), "chars")
          .add("removeprefix", TextMethods::removePrefix, "prefix")
          .add("removesuffix", TextMethods::removeSuffix, "suffix")
          .add("startswith", (s, a, e) -> affixed(s, a, e, true), "affix", "start", "end")
          .add("endswith", (s, a, e) -> affixed(s, a, e, false), "affix", "start", "end")
          .add("split", TextMethods::split, "sep", "maxsplit")
          .add("rsplit", TextMethods::rsplit, "sep", "maxsplit")
          .add("splitlines", TextMethods::splitLines, "keepends")
          .add("partition", TextMethods::partition, "sep")
          .add("rpartition", TextMethods::rpartition, "sep")
          .add("join", TextMethods::join, "iterable")
          .add("replace", TextMethods::replace, "old", "new", "count")
          .add("find", (s, a, e) -> Value.Int.of(find(s, a, e)), "sub", "start", "end")
          .add("rfind", TextMethods::rfind, "sub", "start", "end")
          .add("index", TextMethods::index, "sub", "start", "end")
          .add("count", TextMethods::count, "sub", "start", "end")
          .add("format", (s, a, e) -> BraceFormat.format(text(s), a.all(), e), NativeTable.ANY)
          .add("center", TextMethods::center, "width", "fillchar")
          .add("ljust", (s, a, e) -> justify(s, a, e, false), "width", "fillchar")
          .add("rjust", (s, a, e) -> justify(s, a, e, true), "width", "fillchar")
          .add("zfill", TextMethods::zfill, "width")
          .add("isdigit", (s, a, e) -> all(s, Character::isDigit))
          .add("isdecimal", (s, a, e) -> all(s, Character::isDigit))
          .add("isnumeric", (s, a, e) -> all(s, TextMethods::isNumeric))
          .add("isalpha", (s, a, e) -> all(s, Character::isLetter))
          .add("isalnum", (s, a, e) -> all(s, c -> Character.isLetter(c) || isNumeric(c)))
          .add("isspace", (s, a, e) -> all(s, Whitespace::is))
          .add(
              "isascii",
              (s, a, e) -> Value.Bool.of(text(s).string().chars().allMatch(c -> c < 128)))
          .add("isupper", (s, a, e) -> matches(s, TextCase::isUpper))
          .add("islower", (s, a, e) -> matches(s, TextCase::isLower));

  private TextMethods() {}

  private static Text text(Value subject) {
    return (Text) subject;
  }

  private static Value all(Value subject, IntPredicate predicate) {
    String string = text(subject).string();
    return Value.Bool.of(!string.isEmpty() && string.codePoints().allMatch(predicate));
  }

  private static Value matches(Value subject, Predicate<String> predicate) {
    return Value.Bool.of(predicate.test(text(subject).string()));
  }

  private static boolean isNumeric(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private static Value strip(Value subject, Bound arguments, boolean left, boolean right) {
    Optional<Text> characters = arguments.find("chars").map(found -> arguments.text("chars"));
    return TextEdits.strip(text(subject), characters, left, right);
  }

  private static Value removePrefix(Value subject, Bound arguments, Evaluation evaluation) {
    Text text = text(subject);
    String prefix = arguments.text("prefix").string();
    return text.string().startsWith(prefix)
        ? text.range(prefix.length(), text.string().length())
        : text;
  }

  private static Value removeSuffix(Value subject, Bound arguments, Evaluation evaluation) {
    Text text = text(subject);
    String suffix = arguments.text("suffix").string();
    return text.string().endsWith(suffix)
        ? text.range(0, text.string().length() - suffix.length())
        : text;
  }

  private static Value affixed(
      Value subject, Bound arguments, Evaluation evaluation, boolean start) {
    String string = window(subject, arguments, evaluation).string();
    Value affix = arguments.require("affix");
    List<Value> choices =
        affix instanceof ListValue list && list.isTuple() ? list.items() : List.of(affix);
    for (Value choice : choices) {
      if (!(choice instanceof Text text)) {
        Comparison.failIfUndefined(choice);
        throw new TemplateException(
            arguments.callee() + " needs a string, not a " + choice.typeName());
      }
      if (start ? string.startsWith(text.string()) : string.endsWith(text.string())) {
        return Value.Bool.TRUE;
      }
    }
    return Value.Bool.FALSE;
  }

  /** The part of the receiver between the arguments start and end. */
  private static Text window(Value subject, Bound arguments, Evaluation evaluation) {
    evaluation.budget().scan(text(subject).string().length());
    if (!arguments.has("start") && !arguments.has("end")) {
      return text(subject);
    }
    return (Text)
        new Members(evaluation)
            .slice(subject, arguments.find("start"), arguments.find("end"), Optional.empty());
  }

  private static Value split(Value subject, Bound arguments, Evaluation evaluation) {
    int limit = arguments.integer("maxsplit", -1);
    evaluation.budget().scan(text(subject).string().length());
    return evaluation.list(
        arguments.find("sep").isPresent()
            ? TextEdits.split(text(subject), arguments.text("sep"), limit)
            : TextEdits.words(text(subject), limit));
  }

  private static Value rsplit(Value subject, Bound arguments, Evaluation evaluation) {
    int limit = arguments.integer("maxsplit", -1);
    evaluation.budget().scan(text(subject).string().length());
    return evaluation.list(
        arguments.find("sep").isPresent()
            ? TextEdits.splitFromRight(text(subject), arguments.text("sep"), limit)
            : TextEdits.wordsFromRight(text(subject), limit));
  }

  private static Value splitLines(Value subject, Bound arguments, Evaluation evaluation) {
    return evaluation.list(TextEdits.lines(text(subject), arguments.flag("keepends", false)));
  }

  private static Value partition(Value subject, Bound arguments, Evaluation evaluation) {
    Text separator = arguments.text("sep");
    List<Text> parts = TextEdits.split(text(subject), separator, 1);
    return parts.size() == 2
        ? ListValue.tuple(parts.get(0), separator, parts.get(1))
        : ListValue.tuple(subject, Text.EMPTY, Text.EMPTY);
  }

  private static Value rpartition(Value subject, Bound arguments, Evaluation evaluation) {
    Text separator = arguments.text("sep");
    List<Text> parts = TextEdits.splitFromRight(text(subject), separator, 1);
    return parts.size() == 2
        ? ListValue.tuple(parts.get(0), separator, parts.get(1))
        : ListValue.tuple(Text.EMPTY, Text.EMPTY, subject);
  }

  private static Value join(Value subject, Bound arguments, Evaluation evaluation) {
    List<Text> parts = new ArrayList<>();
    for (Value part : evaluation.iterate(arguments.require("iterable"))) {
      if (!(part instanceof Text text)) {
        Comparison.failIfUndefined(part);
        throw new TemplateException("join needs strings, not a " + part.typeName());
      }
      parts.add(text);
    }
    return TextEdits.join(text(subject), parts, evaluation.budget());
  }

  private static Value replace(Value subject, Bound arguments, Evaluation evaluation) {
    return TextEdits.replace(
        text(subject),
        arguments.text("old"),
        arguments.text("new"),
        arguments.integer("count", -1),
        evaluation.budget());
  }

  /** The code point position of a substring in the receiver, or -1. */
  private static long find(Value subject, Bound arguments, Evaluation evaluation) {
    return position(
        subject, arguments, evaluation, window -> window.indexOf(arguments.text("sub").string()));
  }

  private static Value rfind(Value subject, Bound arguments, Evaluation evaluation) {
    return Value.Int.of(
        position(
            subject,
            arguments,
            evaluation,
            window -> window.lastIndexOf(arguments.text("sub").string())));
  }

  private static long position(
      Value subject, Bound arguments, Evaluation evaluation, ToIntFunction<String> search) {
    String window = window(subject, arguments, evaluation).string();
    int found = search.applyAsInt(window);
    if (found < 0) {
      return found;
    }
    int length = text(subject).length();
    int start = arguments.integer("start", 0);
    int first = start < 0 ? Math.max(0, start + length) : start;
    return first + window.codePointCount(0, found);
  }

  private static Value index(Value subject, Bound arguments, Evaluation evaluation) {
    long found = find(subject, arguments, evaluation);
    if (found < 0) {
      throw new TemplateException("substring not found");
    }
    return Value.Int.of(found);
  }

  private static Value count(Value subject, Bound arguments, Evaluation evaluation) {
    Text window = window(subject, arguments, evaluation);
    Text part = arguments.text("sub");
    return Value.Int.of(
        part.isEmpty() ? window.length() + 1L : TextEdits.split(window, part, -1).size() - 1L);
  }

  private static Value center(Value subject, Bound arguments, Evaluation evaluation) {
    return TextEdits.center(
        text(subject), arguments.integer("width"), fill(arguments), evaluation.budget());
  }

  private static Value justify(
      Value subject, Bound arguments, Evaluation evaluation, boolean right) {
    long space = (long) arguments.integer("width") - text(subject).length();
    return TextEdits.pad(
        text(subject), right ? space : 0, right ? 0 : space, fill(arguments), evaluation.budget());
  }

  private static String fill(Bound arguments) {
    Text fill = arguments.text("fillchar", Text.trusted(" "));
    if (fill.length() != 1) {
      throw new TemplateException("a fill character must be one character");
    }
    return fill.string();
  }

  private static Value zfill(Value subject, Bound arguments, Evaluation evaluation) {
    Text text = text(subject);
    int sign = text.string().startsWith("-") || text.string().startsWith("+") ? 1 : 0;
    long space = (long) arguments.integer("width") - text.length();
    return new TextBuilder(evaluation.budget())
        .append(text, 0, sign)
        .append(
            TextEdits.pad(
                text.range(sign, text.string().length()), space, 0, "0", evaluation.budget()))
        .toText();
  }
}
