package dev.skipjack.inference.reference;

/** A random model small enough to be computed by plain loops. */
interface TinyModel {
  /** A model as a file and as a reference. */
  record Pair(TinyCheckpoint file, PlainDecoder reference) {}

  String architecture();

  /** Its weights are random by this and nothing else. */
  int ordinal();

  /** Adds all keys and weights and returns what computes with them. */
  PlainDecoder fill(TinyCheckpoint model);

  default Pair make() {
    TinyCheckpoint model = new TinyCheckpoint(architecture(), ordinal());
    return new Pair(model, fill(model));
  }
}
