package dev.skipjack.bench.roofline;

import dev.skipjack.bench.roofline.Roofline.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Points from what {@code skipjack bench --json} prints, one object a line. */
public final class BenchSamples {
  private static final JsonMapper JSON = new JsonMapper();

  private BenchSamples() {}

  /**
   * Every test of every line. A token is taken to need as many multiply-adds as the model has
   * parameters, which attention exceeds and an embedding that is not tied falls short of.
   *
   * @throws IOException if a line is not such an object
   */
  public static List<Point> parse(List<String> lines) throws IOException {
    List<Point> points = new ArrayList<>();
    for (String line : lines) {
      if (!line.isBlank()) {
        points.addAll(parse(line));
      }
    }
    return points;
  }

  private static List<Point> parse(String line) throws IOException {
    try {
      JsonNode root = JSON.readTree(line);
      JsonNode model = root.path("model");
      double parameters = model.path("parameters").asDouble();
      List<Point> points = new ArrayList<>();
      for (JsonNode result : root.path("results")) {
        double tokens = result.path("avg_ts").asDouble();
        double bytes = result.path("read_gbps").asDouble() * 1e9;
        String name = model.path("type").asString() + " " + result.path("test").asString();
        points.add(new Point(name, parameters * tokens / bytes, parameters * tokens));
      }
      if (points.isEmpty() || points.stream().anyMatch(p -> !(p.macsPerByte() > 0))) {
        throw new IOException(
            "found %s, expected what skipjack bench --json prints".formatted(line));
      }
      return points;
    } catch (JacksonException e) {
      throw new IOException("found a line that is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
