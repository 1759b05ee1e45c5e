package dev.skipjack.models.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Expressions, blocks and whole chat templates against what Jinja2 made of them; {@code
 * generate.py} beside the resources wrote the expectations.
 */
class OracleTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 3, 7, 9, 5, 3, 0, ZoneOffset.UTC);

  @TestFactory
  List<DynamicTest> expressions() throws IOException {
    return table("expressions.json");
  }

  @TestFactory
  List<DynamicTest> blocks() throws IOException {
    return table("blocks.json");
  }

  @TestFactory
  List<DynamicTest> chatTemplates() throws IOException {
    Map<?, ?> conversations = JSON.treeToValue(read("conversations.json"), Map.class);
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode row : read("corpus.json")) {
      String template = row.get("template").asString();
      String conversation = row.get("conversation").asString();
      String source = text("templates/" + template);
      tests.add(
          DynamicTest.dynamicTest(
              template + " " + conversation,
              () -> check(source, (Map<?, ?>) conversations.get(conversation), row)));
    }
    return tests;
  }

  private List<DynamicTest> table(String resource) throws IOException {
    Map<?, ?> context = JSON.treeToValue(read("context.json"), Map.class);
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode row : read(resource)) {
      String source = row.get("source").asString();
      tests.add(DynamicTest.dynamicTest(source, () -> check(source, context, row)));
    }
    return tests;
  }

  private static void check(String source, Map<?, ?> context, JsonNode row) {
    if (row.has("error")) {
      assertThatThrownBy(() -> render(source, context)).isInstanceOf(TemplateException.class);
    } else {
      assertThat(render(source, context)).isEqualTo(row.get("expected").asString());
    }
  }

  private static String render(String source, Map<?, ?> context) {
    Variables variables = new Variables();
    context.forEach((name, value) -> variables.untrusted((String) name, value));
    return Template.parse(source).render(variables, NOW).string();
  }

  private static JsonNode read(String resource) throws IOException {
    return JSON.readTree(text(resource));
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = OracleTest.class.getResourceAsStream("/jinja/" + resource)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
