package dev.skipjack.bench.roofline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.bench.roofline.Roofline.Ceiling;
import dev.skipjack.bench.roofline.Roofline.Point;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class RooflineTest {
  private static final Ceiling FLOAT = new Ceiling("float", 200e9);
  private static final Roofline ROOFLINE =
      new Roofline(
          "a <host>",
          20e9,
          List.of(FLOAT),
          List.of(new Point("on the slope", 2, 40e9), new Point("on the roof", 10, 200e9)));

  @Test
  void anAxisRunsFromPowerToPowerOfTen() {
    LogAxis axis = LogAxis.around(DoubleStream.of(0.3, 50), 100, 400);
    assertThat(axis.low()).isCloseTo(0.1, within(1e-12));
    assertThat(axis.high()).isCloseTo(100, within(1e-9));
    assertThat(axis.at(0.1)).isCloseTo(100, within(1e-9));
    assertThat(axis.at(1)).isCloseTo(200, within(1e-9));
    assertThat(axis.at(100)).isCloseTo(400, within(1e-9));
    assertThat(axis.ticks()).hasSize(4).last().isEqualTo(100.0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LogAxis.around(DoubleStream.of(0, 1), 0, 1));
  }

  @Test
  void pointsLieOnTheLinesThatBoundThem() throws Exception {
    Document svg = parse(RooflineSvg.draw(ROOFLINE));
    Element slope = withStroke(svg, "#1f5fa8");
    Element roof = withStroke(svg, "#a8441f");
    Element onRoof = (Element) svg.getElementsByTagName("circle").item(0);
    Element onSlope = (Element) svg.getElementsByTagName("circle").item(1);

    assertThat(value(roof, "x1")).isCloseTo(value(slope, "x2"), within(0.02));
    assertThat(value(roof, "y1")).isCloseTo(value(slope, "y2"), within(0.02));
    assertThat(value(onRoof, "cx")).isCloseTo(value(roof, "x1"), within(0.02));
    assertThat(value(onRoof, "cy")).isCloseTo(value(roof, "y1"), within(0.02));
    double part =
        (value(onSlope, "cx") - value(slope, "x1")) / (value(slope, "x2") - value(slope, "x1"));
    double height = value(slope, "y1") + part * (value(slope, "y2") - value(slope, "y1"));
    assertThat(value(onSlope, "cy")).isCloseTo(height, within(0.05));
    assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("a <host>");
  }

  @Test
  void everythingStaysInThePicture() throws Exception {
    Document svg = parse(RooflineSvg.draw(ROOFLINE));
    for (String name : List.of("line", "circle", "text")) {
      var elements = svg.getElementsByTagName(name);
      assertThat(elements.getLength()).isPositive();
      for (Element element :
          IntStream.range(0, elements.getLength())
              .mapToObj(i -> (Element) elements.item(i))
              .toList()) {
        for (String x : List.of("x", "cx", "x1", "x2")) {
          assertThat(value(element, x)).isBetween(0.0, 760.0);
        }
        for (String y : List.of("y", "cy", "y1", "y2")) {
          assertThat(value(element, y)).isBetween(0.0, 480.0);
        }
      }
    }
  }

  @Test
  void samplesOfSkipjackBenchBecomePoints() throws IOException {
    String line =
        "{\"model\": {\"type\": \"Q8_0\", \"parameters\": 1000000000}, \"results\":"
            + " [{\"test\": \"tg32\", \"avg_ts\": 20.0, \"read_gbps\": 25.0}]}";
    List<Point> points = BenchSamples.parse(List.of(line, ""));
    assertThat(points).hasSize(1);
    assertThat(points.getFirst().name()).isEqualTo("Q8_0 tg32");
    assertThat(points.getFirst().macsPerSecond()).isCloseTo(20e9, within(1.0));
    assertThat(points.getFirst().macsPerByte()).isCloseTo(0.8, within(1e-9));
    assertThatThrownBy(() -> BenchSamples.parse(List.of("{}")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("skipjack bench --json");
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static Element withStroke(Document svg, String colour) {
    var lines = svg.getElementsByTagName("line");
    return IntStream.range(0, lines.getLength())
        .mapToObj(i -> (Element) lines.item(i))
        .filter(line -> line.getAttribute("stroke").equals(colour))
        .findFirst()
        .orElseThrow();
  }

  private static double value(Element element, String attribute) {
    String text = element.getAttribute(attribute);
    return text.isEmpty() ? 0 : Double.parseDouble(text);
  }
}
