package dev.skipjack.models.huggingface;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The translation of one family's tensor names. A table has a line per name: {@code source target
 * [conversion [second target]]}, with {@code #} for the layer and {@code @} for the expert. A line
 * without {@code .weight} or {@code .bias} serves both; whether its conversion concerns biases is
 * the {@link Conversion}'s to say. Immutable.
 */
final class TensorNames {
  private static final Pattern INDEX = Pattern.compile("(?<=\\.)\\d+(?=\\.)");
  private static final List<String> PLACEHOLDERS = List.of("#", "@");

  private final Map<String, Line> lines;

  private record Line(Conversion conversion, List<String> targets) {}

  /**
   * A translated name.
   *
   * @param targets the new names; two for a tensor that is split
   * @param layer 0 for a name without layer
   * @param expert 0 for a name without expert
   */
  record Match(Conversion conversion, List<String> targets, int layer, int expert) {
    String target() {
      return targets.getFirst();
    }
  }

  private TensorNames(Map<String, Line> lines) {
    this.lines = lines;
  }

  /** Reads a table. */
  static TensorNames of(String table) {
    return new TensorNames(Map.of()).with(table);
  }

  /** This table with lines added or replaced. */
  TensorNames with(String table) {
    Map<String, Line> all = new LinkedHashMap<>(lines);
    table
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .forEach(words -> all.put(words[0], line(words)));
    return new TensorNames(all);
  }

  private static Line line(String[] words) {
    List<String> targets = words.length > 3 ? List.of(words[1], words[3]) : List.of(words[1]);
    return new Line(words.length > 2 ? Conversion.valueOf(words[2]) : Conversion.KEEP, targets);
  }

  /** Translates a name; empty if the family has no such tensor. */
  Optional<Match> match(String name) {
    List<String> indices = INDEX.matcher(name).results().map(MatchResult::group).toList();
    if (indices.size() > PLACEHOLDERS.size() || indices.stream().anyMatch(i -> i.length() > 6)) {
      return Optional.empty();
    }
    Iterator<String> placeholders = PLACEHOLDERS.iterator();
    String pattern = INDEX.matcher(name).replaceAll(index -> placeholders.next());
    int layer = indices.isEmpty() ? 0 : Integer.parseInt(indices.get(0));
    int expert = indices.size() < 2 ? 0 : Integer.parseInt(indices.get(1));
    Line exact = lines.get(pattern);
    if (exact != null) {
      return Optional.of(match(exact.conversion(), exact, "", layer, expert));
    }
    int dot = pattern.lastIndexOf('.');
    String suffix = pattern.substring(Math.max(dot, 0));
    Line stem = dot < 0 ? null : lines.get(pattern.substring(0, dot));
    if (stem == null || !suffix.equals(".weight") && !suffix.equals(".bias")) {
      return Optional.empty();
    }
    Conversion conversion =
        stem.conversion().weightsOnly() && suffix.equals(".bias")
            ? Conversion.KEEP
            : stem.conversion();
    return Optional.of(match(conversion, stem, suffix, layer, expert));
  }

  private static Match match(
      Conversion conversion, Line line, String suffix, int layer, int expert) {
    List<String> targets =
        line.targets().stream().map(target -> target.replace("#", "" + layer) + suffix).toList();
    return new Match(conversion, targets, layer, expert);
  }
}
