package dev.skipjack.kernels.activation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;

/**
 * Gives each class of {@link VectorFormula} its own copy of {@link VectorLoop}, as a hidden class.
 *
 * <p>The compiler decides what to inline by the receiver types it has seen at a call site. In one
 * loop shared by all formulas the call would see many, stay a call, and box every vector it passes.
 * In a copy it sees one. Nor may the loop be inlined into its callers, hence {@link IsolatedLoop}:
 * where a piece has grown too large, as a whole layer of a decoder does, the compiler refuses what
 * comes last, be it the formula.
 */
final class VectorLoops {
  /**
   * What the copies of the loops have in common. They replace {@code x[offset .. offset + length)},
   * which must be inside {@code x}, and give the same values.
   */
  interface Body {
    /** For at least as many values as a vector has lanes. */
    void applyVectors(VectorFormula formula, float[] x, int offset, int length);

    /** For any number of values, but slowly. */
    void applySingly(VectorFormula formula, float[] x, int offset, int length);
  }

  private static final ClassValue<Body> LOOPS =
      new ClassValue<>() {
        @Override
        protected Body computeValue(Class<?> formula) {
          return new IsolatedLoop(copy());
        }
      };

  private VectorLoops() {}

  /** The loops that only formulas of this class use. */
  static Body loopFor(VectorFormula formula) {
    return LOOPS.get(formula.getClass());
  }

  private static Body copy() {
    String file = VectorLoop.class.getSimpleName() + ".class";
    try (InputStream in = VectorLoop.class.getResourceAsStream(file)) {
      Class<?> loop =
          MethodHandles.lookup().defineHiddenClass(in.readAllBytes(), true).lookupClass();
      return (Body) loop.getDeclaredConstructor().newInstance();
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException("%s cannot be copied".formatted(file), e);
    }
  }
}
