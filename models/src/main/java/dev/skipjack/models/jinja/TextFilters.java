package dev.skipjack.models.jinja;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Filters that make text; whatever they are applied to is printed first. */
final class TextFilters {
  private static final int DEFAULT_INDENT = 4;
  private static final int DEFAULT_TRUNCATION = 255;
  private static final int DEFAULT_LEEWAY = 5;
  private static final int DEFAULT_CENTER = 80;
  private static final Text NEWLINE = Text.trusted("\n");
  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

  static final NativeTable TABLE =
      new NativeTable()
          .add("string", (v, a, e) -> e.print(v))
          .add("safe", (v, a, e) -> e.print(v))
          .add("escape", (v, a, e) -> e.print(v).mapRuns(e.budget(), TextFilters::escape))
          .alias("e", "escape")
          .add("upper", (v, a, e) -> TextCase.upper(e.print(v), e.budget()))
          .add("lower", (v, a, e) -> TextCase.lower(e.print(v), e.budget()))
          .add("capitalize", (v, a, e) -> TextCase.capitalize(e.print(v), e.budget()))
          .add("title", (v, a, e) -> TextCase.titleWords(e.print(v), e.budget()))
          .add("trim", TextFilters::trim, "chars")
          .add("replace", TextFilters::replace, "old", "new", "count")
          .add("indent", TextFilters::indent, "width", "first", "blank")
          .add("truncate", TextFilters::truncate, "length", "killwords", "end", "leeway")
          .add("center", TextFilters::center, "width")
          .add("wordcount", TextFilters::wordCount)
          .add("format", TextFilters::format, NativeTable.ANY)
          .add("tojson", TextFilters::toJson, "ensure_ascii", "indent", "separators", "sort_keys");

  private TextFilters() {}

  private static String escape(String run) {
    return run.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  private static Value trim(Value value, Bound arguments, Evaluation evaluation) {
    Optional<Text> characters = arguments.find("chars").map(found -> arguments.text("chars"));
    return TextEdits.strip(evaluation.print(value), characters, true, true);
  }

  private static Value replace(Value value, Bound arguments, Evaluation evaluation) {
    return TextEdits.replace(
        evaluation.print(value),
        evaluation.print(arguments.require("old")),
        evaluation.print(arguments.require("new")),
        arguments.integer("count", -1),
        evaluation.budget());
  }

  private static Value indent(Value value, Bound arguments, Evaluation evaluation) {
    Text indentation = indentation(arguments, evaluation);
    boolean first = arguments.flag("first", false);
    boolean blank = arguments.flag("blank", false);
    // The line end that is added makes a last empty line visible to splitlines.
    Text ended = evaluation.builder().append(evaluation.print(value)).append(NEWLINE).toText();
    List<Text> lines = TextEdits.lines(ended, false);
    TextBuilder out = evaluation.builder();
    for (int i = 0; i < lines.size(); i++) {
      out.append(i == 0 ? Text.EMPTY : NEWLINE);
      boolean indented = i == 0 ? first : blank || !lines.get(i).isEmpty();
      out.append(indented ? indentation : Text.EMPTY).append(lines.get(i));
    }
    return out.toText();
  }

  private static Text indentation(Bound arguments, Evaluation evaluation) {
    if (arguments.value("width", Value.None.NONE) instanceof Text text) {
      return text;
    }
    int width = arguments.integer("width", DEFAULT_INDENT);
    return TextEdits.pad(Text.EMPTY, width, 0, " ", evaluation.budget());
  }

  private static Value truncate(Value value, Bound arguments, Evaluation evaluation) {
    Text text = evaluation.print(value);
    Text end = arguments.text("end", Text.trusted("..."));
    int length = arguments.integer("length", DEFAULT_TRUNCATION);
    int leeway = arguments.integer("leeway", DEFAULT_LEEWAY);
    if (length < end.length() || leeway < 0) {
      throw new TemplateException("truncate needs a length of at least " + end.length());
    }
    if (text.length() <= (long) length + leeway) {
      return text;
    }
    Text cut = text.range(0, text.offset(length - end.length()));
    Text kept =
        arguments.flag("killwords", false)
            ? cut
            : TextEdits.splitFromRight(cut, Text.trusted(" "), 1).getFirst();
    return evaluation.builder().append(kept).append(end).toText();
  }

  private static Value center(Value value, Bound arguments, Evaluation evaluation) {
    int width = arguments.integer("width", DEFAULT_CENTER);
    return TextEdits.center(evaluation.print(value), width, " ", evaluation.budget());
  }

  private static Value wordCount(Value value, Bound arguments, Evaluation evaluation) {
    return Value.Int.of(WORD.matcher(evaluation.print(value).string()).results().count());
  }

  private static Value format(Value value, Bound arguments, Evaluation evaluation) {
    Arguments all = arguments.all();
    if (!all.positional().isEmpty() && !all.named().isEmpty()) {
      throw new TemplateException("format takes positional or named arguments, not both");
    }
    DictValue.Builder named = new DictValue.Builder(evaluation.budget());
    all.named().forEach(named::put);
    Value values = all.named().isEmpty() ? ListValue.tuple(all.positional()) : named.build();
    return PercentFormat.format(evaluation.print(value), values, evaluation.budget());
  }

  private static Value toJson(Value value, Bound arguments, Evaluation evaluation) {
    Optional<String> indent = arguments.find("indent").map(width -> jsonIndent(width, arguments));
    List<Value> separators =
        arguments.find("separators").map(evaluation::iterate).orElse(List.of());
    if (!separators.isEmpty() && separators.size() != 2) {
      throw new TemplateException("tojson needs two separators");
    }
    JsonPrinter.Style style =
        new JsonPrinter.Style(
            indent,
            separators.isEmpty()
                ? indent.isPresent() ? "," : ", "
                : evaluation.print(separators.get(0)).string(),
            separators.isEmpty() ? ": " : evaluation.print(separators.get(1)).string(),
            arguments.flag("sort_keys", false),
            arguments.flag("ensure_ascii", false));
    return JsonPrinter.print(value, style, evaluation.budget());
  }

  private static String jsonIndent(Value width, Bound arguments) {
    if (width instanceof Text text) {
      return text.string();
    }
    return " ".repeat(Math.clamp(arguments.integer("indent"), 0, DEFAULT_CENTER));
  }
}
