package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Conversations from a pipe, with the bundled model, which has no chat template. */
class ChatCommandTest {
  @TempDir private Path directory;

  @Test
  void answersEveryLineAndRemembersWhatWasSaid() {
    JsonNode json = json("Hello!\n\nWho are you?\n", "-n", "8");

    assertThat(roles(json)).containsExactly("user", "assistant", "user", "assistant");
    assertThat(json.get("messages").get(0).get("content").asString()).isEqualTo("Hello!");
    assertThat(json.get("messages").get(2).get("content").asString()).isEqualTo("Who are you?");
    JsonNode first = json.get("answers").get(0);
    JsonNode second = json.get("answers").get(1);
    assertThat(first.get("cached_tokens").asInt()).isZero();
    assertThat(first.get("tokens").asInt()).isEqualTo(8);
    assertThat(first.get("finish_reason").asString()).isEqualTo("length");
    // All of the first prompt; the first answer as far as text makes the same tokens again.
    assertThat(second.get("cached_tokens").asInt())
        .isBetween(first.get("prompt_tokens").asInt(), second.get("prompt_tokens").asInt() - 1);
  }

  @Test
  void theInstructionComesFirstAndChangesTheAnswer() {
    JsonNode plain = json("Hello!\n", "-n", "8");
    JsonNode told = json("Hello!\n", "-n", "8", "--system", "You are a sad old cat.");

    assertThat(roles(told)).containsExactly("system", "user", "assistant");
    assertThat(told.get("answers").get(0).get("prompt_tokens").asInt())
        .isGreaterThan(plain.get("answers").get(0).get("prompt_tokens").asInt());
    assertThat(content(told, 2)).isNotEqualTo(content(plain, 1));
  }

  @Test
  void answersOnceComputedAreThoseOfAWholePrompt() {
    JsonNode chat = json("Hello!\nWho are you?\n", "-n", "6");
    String prompt =
        "<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n%s<|im_end|>\n"
                .formatted(content(chat, 1))
            + "<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n";

    CommandRun whole = CommandRun.of("generate", "-p", prompt, "-n", "6", "--temp", "0", "--json");

    assertThat(content(chat, 3)).isEqualTo(whole.json().get("text").asString());
  }

  @Test
  void printsAnswersAloneOnStandardOutput() {
    CommandRun run = chat("Hello!\n/stats\n", "-n", "4");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo(content(json("Hello!\n", "-n", "4"), 1) + "\n");
    assertThat(run.err())
        .startsWith("skipjack: no -m given, using the bundled model stories-relu2\n")
        .contains("the model has no chat template, ChatML stands in")
        .containsPattern("context +\\d+ of 512 tokens")
        .containsPattern("answer +4 tokens, ");
  }

  @Test
  void resetForgets() {
    JsonNode once = json("Who are you?\n", "-n", "6");
    JsonNode again = json("Hello!\n/reset\nWho are you?\n", "-n", "6");

    assertThat(roles(again)).containsExactly("user", "assistant");
    assertThat(content(again, 1)).isEqualTo(content(once, 1));
    assertThat(again.get("answers").get(1).get("cached_tokens").asInt()).isZero();
  }

  @Test
  void helpListsTheCommandsAsTheCommandLinesHelpDoes() {
    String help = chat("/help\n").err();

    assertThat(help).contains("  /save FILE    write the conversation as JSON\n  /exit");
    assertThat(CommandRun.of("chat", "--help").out())
        .contains(help.substring(help.indexOf("  /help")));
  }

  @Test
  void twoSlashesBeginAMessage() {
    assertThat(content(json("//help\n", "-n", "1"), 0)).isEqualTo("/help");
  }

  @Test
  void savesTheConversation() throws IOException {
    Path file = directory.resolve("talk.json");

    CommandRun run = chat("Hello!\n/save " + file + "\n/exit\nignored\n", "-n", "4");

    assertThat(run.exitCode()).isZero();
    JsonNode saved = new JsonMapper().readTree(Files.readString(file));
    assertThat(saved.propertyNames()).containsExactly("model", "messages");
    assertThat(content(saved, 1) + "\n").isEqualTo(run.out());
  }

  @Test
  void forgetsTheOldestMessagesWhenTheContextIsFull() {
    JsonNode json = json("one\ntwo\nthree\nfour\n", "-n", "4", "-c", "110");

    assertThat(json.get("messages")).hasSize(8);
    assertThat(json.get("answers"))
        .allSatisfy(
            answer -> {
              assertThat(answer.get("prompt_tokens").asInt()).isLessThanOrEqualTo(106);
              assertThat(answer.get("tokens").asInt()).isEqualTo(4);
            });
    assertThat(json.get("answers").get(3).get("prompt_tokens").asInt())
        .isLessThan(json.get("answers").get(1).get("prompt_tokens").asInt() * 2);
  }

  @Test
  void aMessageLongerThanTheContextFailsInOneLine() {
    CommandRun run = chat("word ".repeat(60) + "\n", "-c", "64");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .containsPattern(
            "skipjack: message: found \\d+ tokens, expected less than 64, the context; use a larger"
                + " -c or a shorter message\n$");
  }

  @Test
  void unknownCommandsAndPlacesFailInOneLine() {
    assertThat(chat("/fly\n").err())
        .endsWith("skipjack: /fly: not a command; /help lists them, // begins a message\n");
    assertThat(chat("/save\n").err())
        .endsWith("skipjack: /save: found no file, expected /save FILE\n");
    assertThat(chat("/save " + directory.resolve("no/file") + "\n").err())
        .endsWith("its directory does not exist\n");
    assertThat(chat("/fly\n").exitCode()).isEqualTo(1);
  }

  @Test
  void nothingSaidIsNoFailure() {
    CommandRun run = chat("");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
  }

  private static CommandRun chat(String input, String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "chat";
    arguments[1] = "--temp";
    arguments[2] = "0";
    System.arraycopy(options, 0, arguments, 3, options.length);
    return CommandRun.withInput(input, arguments);
  }

  private static JsonNode json(String input, String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "--json";
    System.arraycopy(options, 0, arguments, 1, options.length);
    CommandRun run = chat(input, arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json();
  }

  private static List<String> roles(JsonNode conversation) {
    return conversation.get("messages").valueStream().map(m -> m.get("role").asString()).toList();
  }

  private static String content(JsonNode conversation, int message) {
    return conversation.get("messages").get(message).get("content").asString();
  }
}
