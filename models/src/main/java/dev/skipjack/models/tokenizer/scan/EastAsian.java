package dev.skipjack.models.tokenizer.scan;

import java.util.List;

/** Asian scripts and signs as published tokenizers list them, see {@link CharClass#inRanges}. */
final class EastAsian {
  /** Youtu: Hangul, punctuation, Bopomofo, ideographs with kana. */
  static final List<String> YOUTU =
      List.of(
          "\uAC00-\uD7A3\u3131-\u318E",
          "\uFF01\u2026\u201C\u201D\u2018\u2019\u2014\uFF1A\uFF1B\uFF0C\u3001-\u303F"
              + "\uFE30-\uFE4F",
          "\u3105-\u312F",
          "\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF");

  /** DeepSeek LLM: ASCII but for digits, wide forms, quotation marks. */
  static final String DEEPSEEK_SIGNS = "!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002";

  /** AFMoE: ideographs, kana, Thai, Lao, Khmer, Burmese, Hangul. */
  static final String AFMOE =
      "\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF\u3040-\u309F\u30A0-\u30FF\uFF65-\uFF9F"
          + "\u2F00-\u2FDF\u0E40-\u0E7F\u0E80-\u0EFF\u1780-\u17FF\u1000-\u109F\uAA60-\uAA7F"
          + "\uA9E0-\uA9FF\uAC00-\uD7AF\u1100-\u11FF";

  private EastAsian() {}
}
