package dev.skipjack.server;

import dev.skipjack.inference.LanguageModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A model and a server for all tests of a class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServedModel {
  static final String PROMPT = "Once upon a time, there was a little girl named Lily.";

  private LanguageModel model;
  private TestServer server;

  @BeforeAll
  void start() {
    model = TestServer.model();
    server = new TestServer(model);
  }

  @AfterAll
  void stop() {
    server.close();
    model.close();
  }

  LanguageModel model() {
    return model;
  }

  TestServer server() {
    return server;
  }
}
