package dev.skipjack.models.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** C's {@code strftime} in the C locale; {@code %-d} and the like drop leading zeros. */
final class Strftime {
  private static final Map<Character, DateTimeFormatter> CODES =
      Map.ofEntries(
          code('Y', "uuuu"),
          code('y', "uu"),
          code('m', "MM"),
          code('d', "dd"),
          code('e', "ppd"),
          code('B', "MMMM"),
          code('b', "MMM"),
          code('h', "MMM"),
          code('A', "EEEE"),
          code('a', "EEE"),
          code('H', "HH"),
          code('I', "hh"),
          code('M', "mm"),
          code('S', "ss"),
          code('f', "SSSSSS"),
          code('p', "a"),
          code('j', "DDD"),
          code('Z', "zzz"),
          code('z', "xx"),
          code('F', "uuuu-MM-dd"),
          code('T', "HH:mm:ss"),
          code('R', "HH:mm"),
          code('D', "MM/dd/uu"),
          code('x', "MM/dd/uu"),
          code('X', "HH:mm:ss"),
          code('c', "EEE MMM ppd HH:mm:ss uuuu"));

  private Strftime() {}

  private static Map.Entry<Character, DateTimeFormatter> code(char code, String pattern) {
    return Map.entry(code, DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
  }

  static String format(String format, ZonedDateTime time) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      boolean unpadded = format.charAt(i + 1) == '-' && i + 2 < format.length();
      i += unpadded ? 2 : 1;
      String field = field(format.charAt(i), time);
      out.append(unpadded ? field.replaceFirst("^[0 ]+(?=.)", "") : field);
    }
    return out.toString();
  }

  private static String field(char code, ZonedDateTime time) {
    return switch (code) {
      case '%' -> "%";
      case 'n' -> "\n";
      case 't' -> "\t";
      case 's' -> Long.toString(time.toEpochSecond());
      case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
      default -> {
        DateTimeFormatter formatter = CODES.get(code);
        if (formatter == null) {
          throw new TemplateException("unsupported date format '%" + code + "'");
        }
        yield formatter.format(time);
      }
    };
  }
}
