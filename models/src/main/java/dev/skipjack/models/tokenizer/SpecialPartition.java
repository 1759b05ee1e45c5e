package dev.skipjack.models.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text at the spellings of special tokens, one token after the other. Not thread-safe. */
final class SpecialPartition {
  /** A special token, or text between special tokens with id -1. */
  record Part(String text, int id) {}

  private List<Part> parts;

  SpecialPartition(String text) {
    this.parts = text.isEmpty() ? List.of() : List.of(new Part(text, -1));
  }

  void split(String spelling, int id) {
    if (spelling.isEmpty()) {
      return;
    }
    List<Part> result = new ArrayList<>();
    for (Part part : parts) {
      if (part.id() >= 0) {
        result.add(part);
      } else {
        split(part.text(), spelling, id, result);
      }
    }
    parts = result;
  }

  List<Part> parts() {
    return parts;
  }

  private static void split(String text, String spelling, int id, List<Part> result) {
    int from = 0;
    for (int at = text.indexOf(spelling); at >= 0; at = text.indexOf(spelling, from)) {
      addText(text, from, at, result);
      result.add(new Part(spelling, id));
      from = at + spelling.length();
    }
    addText(text, from, text.length(), result);
  }

  private static void addText(String text, int from, int to, List<Part> result) {
    if (from < to) {
      result.add(new Part(text.substring(from, to), -1));
    }
  }
}
