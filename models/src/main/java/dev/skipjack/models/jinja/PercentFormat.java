package dev.skipjack.models.jinja;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code '%s is %d' % (name, age)} and {@code '%(name)s' % dict}. */
final class PercentFormat {
  private static final Pattern DIRECTIVE =
      Pattern.compile(
          "%(?:\\((?<key>[^()]*+)\\))?+(?<flags>[-+ 0#]*+)(?<width>\\d{0,6}+)"
              + "(?:\\.(?<precision>\\d{0,4}+))?+(?<type>[sdiufFxXor%])");

  private final Text template;
  private final Value arguments;
  private final Budget budget;
  private int used;

  private PercentFormat(Text template, Value arguments, Budget budget) {
    this.template = template;
    this.arguments = arguments;
    this.budget = budget;
  }

  static Text format(Text template, Value arguments, Budget budget) {
    return new PercentFormat(template, arguments, budget).run();
  }

  private Text run() {
    TextBuilder out = new TextBuilder(budget);
    String string = template.string();
    Matcher directive = DIRECTIVE.matcher(string);
    int copied = 0;
    for (int at = string.indexOf('%'); at >= 0; at = string.indexOf('%', copied)) {
      if (!directive.region(at, string.length()).lookingAt()) {
        throw new TemplateException("unsupported format '" + excerpt(string, at) + "'");
      }
      out.append(template, copied, at).append(directive(directive));
      copied = directive.end();
    }
    if (arguments instanceof ListValue list && list.isTuple() && used < list.items().size()) {
      throw new TemplateException("the format uses only " + used + " of its arguments");
    }
    return out.append(template, copied, string.length()).toText();
  }

  private static String excerpt(String string, int at) {
    return string.substring(at, Math.min(string.length(), at + 10));
  }

  private Text directive(Matcher directive) {
    char type = directive.group("type").charAt(0);
    if (type == '%') {
      return Text.trusted("%");
    }
    Value value = directive.group("key") == null ? next() : keyed(directive.group("key"));
    String flags = directive.group("flags");
    boolean left = flags.indexOf('-') >= 0;
    char sign = flags.indexOf('+') >= 0 ? '+' : flags.indexOf(' ') >= 0 ? ' ' : '-';
    boolean text = type == 's' || type == 'r';
    FormatSpec spec =
        new FormatSpec(
            left ? Optional.of('<') : text ? Optional.of('>') : Optional.empty(),
            flags.indexOf('0') >= 0 && !left && !text ? "0" : " ",
            sign,
            number(directive.group("width")).orElse(0),
            false,
            number(directive.group("precision")),
            "iu".indexOf(type) >= 0 ? 'd' : type == 'F' ? 'f' : text ? 's' : type);
    return spec.format(type == 'r' ? new Printer(budget).represent(value) : value, budget);
  }

  private static OptionalInt number(String digits) {
    if (digits == null) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(digits.isEmpty() ? 0 : Integer.parseInt(digits));
  }

  private Value next() {
    List<Value> values =
        arguments instanceof ListValue list && list.isTuple() ? list.items() : List.of(arguments);
    if (used >= values.size()) {
      throw new TemplateException("the format needs more than " + used + " arguments");
    }
    return values.get(used++);
  }

  private Value keyed(String key) {
    if (!(arguments instanceof DictValue dict)) {
      throw new TemplateException("a format with names needs a dict");
    }
    return dict.get(key)
        .orElseThrow(() -> new TemplateException("the format needs a value for '" + key + "'"));
  }
}
