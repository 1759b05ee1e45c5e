package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;

class SparsityCommandTest {
  private static final String STORY =
      "Once upon a time there was a little bird who lived in a big tree by the river. ";

  @TempDir private Path directory;

  private Path text;
  private Path page;

  @BeforeEach
  void writeText() throws IOException {
    text = Files.writeString(directory.resolve("a < b & c.txt"), STORY.repeat(10));
    page = directory.resolve("page.html");
  }

  private CommandRun run(String command, String arguments) {
    List<String> line = new ArrayList<>(List.of(command, "-f", "" + text, "-t", "2"));
    line.addAll(List.of(arguments.replace("PAGE", "" + page).split(" ")));
    return CommandRun.of(line.toArray(String[]::new));
  }

  private Document parsed() throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(page.toFile());
  }

  private static List<Element> elements(Document document, String tag) {
    NodeList nodes = document.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  @Test
  void programsGetEveryMeasure() {
    CommandRun run = run("sparsity", "-c 64 --tokens 128 --sparsity sign:1.0 --json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode json = run.json();
    assertThat(json.path("windows").asInt()).isEqualTo(2);
    assertThat(json.path("zero_rate").asDouble()).isBetween(0.8, 0.97);
    assertThat(json.path("cett_density").asDouble())
        .isBetween(0.001, 1 - json.path("zero_rate").asDouble());
    assertThat(json.path("ppl_loss").path("ppl_ratio").asDouble()).isCloseTo(1.01, within(0.01));
    assertThat(json.path("never_active").size()).isEqualTo(7);
    assertThat(json.path("selection").path("mode").asString()).isEqualTo("sign:1.0");
    assertThat(json.path("selection").path("recall").asDouble()).isBetween(0.3, 1.0);
    assertThat(json.path("layers").size()).isEqualTo(6);
    JsonNode layer = json.path("layers").path(0);
    assertThat(layer.path("cdf_magnitudes").size()).isEqualTo(layer.path("cdf_fractions").size());
    assertThat(layer.path("selection").path("precision").asDouble()).isBetween(0.0, 1.0);
    assertThat(layer.path("hot").path("shares").path(3).asDouble()).isBetween(0.2, 1.0);
    assertThat(json.path("read").path("model_sparsity").asDouble()).isBetween(0.1, 0.9);
  }

  @Test
  void peopleGetATableAndAPage() throws Exception {
    CommandRun run =
        run("sparsity", "-c 64 --tokens 128 --ppl-loss 0 -r 1 --modes topk:64 --html PAGE");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("layer", "mean", "CETT 0.2", "never on", "topk:64", "page")
        .doesNotContain("PPL-");
    assertThat(run.out().lines().filter(line -> line.strip().matches("[0-5] .*%.*"))).hasSize(6);

    assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").doesNotContain("http");
    Document document = parsed();
    List<Element> plots = elements(document, "svg");
    assertThat(plots).hasSize(6);
    assertThat(plots)
        .allSatisfy(
            plot -> {
              assertThat(plot.getAttribute("role")).isEqualTo("img");
              assertThat(plot.getFirstChild().getNodeName()).isEqualTo("title");
              assertThat(plot.getElementsByTagName("desc").getLength()).isEqualTo(1);
              assertThat(plot.getTextContent()).doesNotContain("NaN");
            });
    assertThat(document.getDocumentElement().getAttribute("lang")).isEqualTo("en");
    assertThat(elements(document, "p").get(1).getTextContent()).contains("a < b & c.txt");
    Element modes = elements(document, "table").getFirst();
    assertThat(modes.getElementsByTagName("tr").getLength()).isEqualTo(2);
    assertThat(elements(document, "style").getFirst().getTextContent())
        .contains("prefers-color-scheme: dark");
    for (String tag : List.of("link", "script", "img", "iframe")) {
      assertThat(elements(document, tag)).isEmpty();
    }
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(text, page);
    }
  }

  @Test
  void divergencesAreReportedAsLlamaCppDoes() {
    CommandRun run = run("perplexity", "-c 64 --sparsity topk:16 --kl-divergence");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("PPL ratio", "KLD", "99.9%", "delta p", "RMS delta p", "same top p");

    JsonNode json = run("perplexity", "-c 64 --sparsity exact --against-dense --json").json();
    assertThat(json.path("divergence").path("kld").path("max").asDouble()).isLessThan(1e-5);
    assertThat(json.path("divergence").path("same_top").asDouble()).isEqualTo(1);
    assertThat(json.path("ffn").path("mode").asString()).isEqualTo("exact");
  }

  @Test
  void modesMayHaveNumbersForEachLayer() {
    assertThat(SparsityCommand.modes("dense, cats:0.1,0.2,predictor:-inf,inf,topk:3"))
        .map(Object::toString)
        .containsExactly("dense", "cats:0.1,0.2", "predictor:-Infinity,Infinity", "topk:3.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-c 512 | 1 | text: found 192 tokens",
        "-c 4096 | 1 | context",
        "-c 64 --cett 1 | 2 | CETT: found 1.0, expected a number above 0 and below 1",
        "-c 64 --ppl-loss -1 | 2 | perplexity loss: found -1.0",
        "-c 64 --modes dense,magic | 2 | --modes: sparsity \"magic\" is unknown",
        "-c 64 --sparsity predictor | 1 | predictor: layer 0 has no predictor",
        "-c 64 -r 0 | 2 | -r: found 0, expected 1 or more",
        "-c 64 --html missing/page.html | 1 | missing/page.html: its directory does not exist",
        "-c 2 | 2 | context: found 2 tokens, expected 4 or more",
      })
  void wrongWishesAreAnsweredInOneLine(String arguments, int code, String message) {
    CommandRun run =
        run("sparsity", arguments + " --html PAGE".repeat(arguments.contains("html") ? 0 : 1));
    assertThat(run.err().lines()).as(run.err()).hasSize(1);
    assertThat(run.err()).startsWith("skipjack: ").contains(message);
    assertThat(run.exitCode()).isEqualTo(code);
    assertThat(page).doesNotExist();
  }
}
