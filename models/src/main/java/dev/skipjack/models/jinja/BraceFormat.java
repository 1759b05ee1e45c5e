package dev.skipjack.models.jinja;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code '{} is {age:>3}'.format(name, age=1)}. Fields name an argument and nothing below it: the
 * paths Python allows there are a classic way out of a sandbox.
 */
final class BraceFormat {
  private static final Pattern FIELD =
      Pattern.compile("\\{(?<name>\\w*+)(?:!(?<conversion>[rs]))?+(?::(?<spec>[^{}]*+))?+\\}");
  private static final Pattern SPEC =
      Pattern.compile(
          "(?:(?<fill>.)?(?<align>[<>^]))?(?<sign>[-+ ])?(?<zero>0)?(?<width>\\d{1,6})?"
              + "(?<grouped>,)?(?:\\.(?<precision>\\d{1,4}))?(?<type>[sdfFxXob%])?",
          Pattern.DOTALL);

  private final Text template;
  private final Arguments arguments;
  private final Evaluation evaluation;
  private int used;

  private BraceFormat(Text template, Arguments arguments, Evaluation evaluation) {
    this.template = template;
    this.arguments = arguments;
    this.evaluation = evaluation;
  }

  static Text format(Text template, Arguments arguments, Evaluation evaluation) {
    return new BraceFormat(template, arguments, evaluation).run();
  }

  private Text run() {
    TextBuilder out = evaluation.builder();
    String string = template.string();
    Matcher field = FIELD.matcher(string);
    int at = 0;
    while (at < string.length()) {
      char c = string.charAt(at);
      if (c != '{' && c != '}') {
        int end = nextBrace(string, at);
        out.append(template, at, end);
        at = end;
      } else if (at + 1 < string.length() && string.charAt(at + 1) == c) {
        out.append(template, at, at + 1);
        at += 2;
      } else if (field.region(at, string.length()).lookingAt()) {
        out.append(field(field));
        at = field.end();
      } else {
        throw new TemplateException("unsupported format field at position " + at);
      }
    }
    return out.toText();
  }

  private static int nextBrace(String string, int from) {
    int end = from;
    while (end < string.length() && string.charAt(end) != '{' && string.charAt(end) != '}') {
      end++;
    }
    return end;
  }

  private Text field(Matcher field) {
    Value value = argument(field.group("name"));
    if ("r".equals(field.group("conversion"))) {
      value = evaluation.printer().represent(value);
    } else if ("s".equals(field.group("conversion"))) {
      value = evaluation.print(value);
    }
    String spec = field.group("spec");
    return spec == null || spec.isEmpty()
        ? evaluation.print(value)
        : spec(spec).format(value, evaluation.budget());
  }

  private Value argument(String name) {
    boolean position = name.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!position) {
      return Optional.ofNullable(arguments.named().get(name))
          .orElseThrow(() -> new TemplateException("the format needs a value for '" + name + "'"));
    }
    int index =
        name.isEmpty() ? used++ : name.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(name);
    if (index >= arguments.positional().size()) {
      throw new TemplateException("the format needs an argument number " + index);
    }
    return arguments.positional().get(index);
  }

  private static FormatSpec spec(String spec) {
    Matcher parts = SPEC.matcher(spec);
    if (!parts.matches()) {
      throw new TemplateException("unsupported format '" + spec + "'");
    }
    boolean zero = parts.group("zero") != null && parts.group("align") == null;
    char type = first(parts.group("type")).orElse('\0');
    return new FormatSpec(
        first(parts.group("align")),
        Optional.ofNullable(parts.group("fill")).orElse(zero ? "0" : " "),
        first(parts.group("sign")).orElse('-'),
        parts.group("width") == null ? 0 : Integer.parseInt(parts.group("width")),
        parts.group("grouped") != null,
        parts.group("precision") == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(parts.group("precision"))),
        type == 'F' ? 'f' : type);
  }

  private static Optional<Character> first(String group) {
    return Optional.ofNullable(group).map(text -> text.charAt(0));
  }
}
